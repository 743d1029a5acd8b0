(** * Glivenko's theorem

    What classical logic proves, intuitionistic logic proves not to be refutable.  So the two agree on refutations,
    and one is consistent when the other is.  The proof translates derivations; it is constructive. *)

From Coq Require Import List.
From Logos Require Import Formula NaturalDeduction.
Import ListNotations.
Local Open Scope form_scope.

Local Notation "G |- a" := (nd Intuitionistic G a) (at level 70).

(** ** The double negation, as a monad inside the logic *)

Lemma nn_return : forall G a, G |- a -> G |- !!a.
Proof. intros G a d; apply nd_imp_i; apply (nd_imp_e _ _ a); [hyp | apply weaken1; exact d]. Qed.

Lemma nn_bind : forall G a b, G |- !!a -> (a :: G) |- !!b -> G |- !!b.
Proof.
  intros G a b da db; apply nd_imp_i.
  apply (nd_imp_e _ _ (!a)); [apply weaken1; exact da |]; apply nd_imp_i.
  apply (nd_imp_e _ _ (!b)); [| hyp].
  apply (weakening _ _ _ db); intros x [e | i]; simpl; tauto.
Qed.

Lemma nn_join : forall G a, G |- !!!!a -> G |- !!a.
Proof. intros G a d; apply (nn_bind _ (!!a)); [exact d | hyp]. Qed.

Lemma nn_triple : forall G a, G |- !!!a -> G |- !a.
Proof.
  intros G a d; apply nd_imp_i; apply (nd_imp_e _ _ (!!a)); [apply weaken1; exact d | apply nn_return; hyp].
Qed.

(** Under an implication the double negation moves out; this is where the shape of the hypothesis counts. *)
Lemma nn_imp : forall G a b, (a :: G) |- !!b -> G |- !!(a ==> b).
Proof.
  intros G a b d; apply nd_imp_i.
  apply (nd_imp_e _ _ (a ==> b)); [hyp |]; apply nd_imp_i, nd_exfalso.
  apply (nd_imp_e _ _ (!b)).
  - apply (weakening _ _ _ d); intros x [e | i]; simpl; tauto.
  - apply nd_imp_i; apply (nd_imp_e _ _ (a ==> b)); [hyp | apply nd_imp_i; hyp].
Qed.

Theorem glivenko : forall G a, nd Classical G a <-> G |- !!a.
Proof.
  intros G a; split; intro d.
  - induction d.
    + apply nn_return, nd_hyp; assumption.
    + apply (nn_bind _ Bot); [assumption | apply nd_exfalso; hyp].
    + apply nn_triple, nn_return, nd_imp_i.
      apply (nd_imp_e _ _ (!Bot)); [exact IHd | apply nd_imp_i; hyp].
    + apply nn_imp; assumption.
    + apply (nn_bind _ (a ==> b)); [assumption |].
      apply (nn_bind _ a); [apply weaken1; assumption |].
      apply nn_return; apply (nd_imp_e _ _ a); hyp.
    + apply (nn_bind _ a); [assumption |]; apply (nn_bind _ b); [apply weaken1; assumption |].
      apply nn_return, nd_and_i; hyp.
    + apply (nn_bind _ (a && b)); [assumption | apply nn_return, (nd_and_e1 _ _ a b); hyp].
    + apply (nn_bind _ (a && b)); [assumption | apply nn_return, (nd_and_e2 _ _ a b); hyp].
    + apply (nn_bind _ a); [assumption | apply nn_return, nd_or_i1; hyp].
    + apply (nn_bind _ b); [assumption | apply nn_return, nd_or_i2; hyp].
    + apply (nn_bind _ (a || b)); [assumption |].
      apply (nd_or_e _ _ a b); [hyp | |].
      * apply (weakening _ _ _ IHd2); intros x [e | i]; simpl; tauto.
      * apply (weakening _ _ _ IHd3); intros x [e | i]; simpl; tauto.
  - apply classical_dne, intuitionistic_classical; exact d.
Qed.

Corollary refutations_agree : forall G a, nd Classical G (!a) <-> G |- !a.
Proof.
  intros G a; split; intro d; [| apply intuitionistic_classical; exact d].
  apply nn_triple, glivenko; exact d.
Qed.

Corollary equiconsistency : nd Classical [] Bot <-> [] |- Bot.
Proof.
  split; intro d; [| apply intuitionistic_classical; exact d].
  apply (nd_imp_e _ _ (!Bot)); [apply glivenko; exact d | apply nd_imp_i; hyp].
Qed.
