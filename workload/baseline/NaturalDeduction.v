(** * Natural deduction, intuitionistic and classical

    One system, told apart by one rule: [nd_raa], proof by contradiction, is open to [Classical] alone. *)

From Coq Require Import List.
From Logos Require Import Formula.
Import ListNotations.
Local Open Scope form_scope.

Inductive logic := Intuitionistic | Classical.

Inductive nd (L : logic) : list form -> form -> Prop :=
| nd_hyp G a : In a G -> nd L G a
| nd_exfalso G a : nd L G Bot -> nd L G a
| nd_raa G a : L = Classical -> nd L (!a :: G) Bot -> nd L G a
| nd_imp_i G a b : nd L (a :: G) b -> nd L G (a ==> b)
| nd_imp_e G a b : nd L G (a ==> b) -> nd L G a -> nd L G b
| nd_and_i G a b : nd L G a -> nd L G b -> nd L G (a && b)
| nd_and_e1 G a b : nd L G (a && b) -> nd L G a
| nd_and_e2 G a b : nd L G (a && b) -> nd L G b
| nd_or_i1 G a b : nd L G a -> nd L G (a || b)
| nd_or_i2 G a b : nd L G b -> nd L G (a || b)
| nd_or_e G a b c : nd L G (a || b) -> nd L (a :: G) c -> nd L (b :: G) c -> nd L G c.

(** Closes a goal whose formula stands among the hypotheses. *)
Ltac hyp := apply nd_hyp; simpl; tauto.

Lemma incl_cons_both : forall (a : form) G D, incl G D -> incl (a :: G) (a :: D).
Proof. intros a G D h x [e | i]; [left; exact e | right; exact (h x i)]. Qed.

(** Applies again the rule that an induction over a derivation is at, with the induction hypotheses. *)
Ltac rebuild :=
  first
    [ solve [auto]
    | solve [apply nd_hyp; auto]
    | solve [apply nd_exfalso; auto]
    | solve [apply nd_raa; [assumption | eauto using incl_cons_both]]
    | solve [apply nd_imp_i; eauto using incl_cons_both]
    | solve [eapply nd_imp_e; eauto]
    | solve [apply nd_and_i; auto]
    | solve [eapply nd_and_e1; eauto]
    | solve [eapply nd_and_e2; eauto]
    | solve [apply nd_or_i1; auto]
    | solve [apply nd_or_i2; auto]
    | solve [eapply nd_or_e; eauto using incl_cons_both] ].

Theorem weakening : forall L G a, nd L G a -> forall D, incl G D -> nd L D a.
Proof.
  intros L G a d; induction d; intros D h; rebuild.
Qed.

Lemma weaken1 : forall L G a b, nd L G a -> nd L (b :: G) a.
Proof. intros L G a b d; apply (weakening _ _ _ d), incl_tl, incl_refl. Qed.

Lemma weaken_nil : forall L G a, nd L [] a -> nd L G a.
Proof. intros L G a d; apply (weakening _ _ _ d); intros x []. Qed.

(** Hypotheses may be replaced by derivations of them. *)
Theorem substitution : forall L G a, nd L G a -> forall D, (forall g, In g G -> nd L D g) -> nd L D a.
Proof.
  intros L G a d.
  assert (under : forall (b : form) G D, (forall g, In g G -> nd L D g) -> forall g, In g (b :: G) -> nd L (b :: D) g).
  { intros b G' D h g [e | i]; [subst; hyp | apply weaken1, h, i]. }
  induction d; intros D h; rebuild.
Qed.

Theorem cut : forall L G a b, nd L G a -> nd L (a :: G) b -> nd L G b.
Proof.
  intros L G a b da db; apply (nd_imp_e _ _ a); [apply nd_imp_i; exact db | exact da].
Qed.

Theorem intuitionistic_classical : forall G a, nd Intuitionistic G a -> nd Classical G a.
Proof.
  intros G a d; remember Intuitionistic as L eqn:e; induction d; subst; first [discriminate | rebuild].
Qed.

(** A derivation under hypotheses is a derivation of an iterated implication. *)
Fixpoint implies (G : list form) (a : form) : form :=
  match G with
  | [] => a
  | g :: G => implies G (g ==> a)
  end.

Theorem implies_iff : forall L G a, nd L [] (implies G a) <-> nd L G a.
Proof.
  intros L G; induction G as [| g G IH]; intro a; [tauto |]; simpl; rewrite IH; split; intro d.
  - apply (nd_imp_e _ _ g); [apply weaken1; exact d | hyp].
  - apply nd_imp_i; exact d.
Qed.

(** ** What contradiction gives *)

Theorem classical_dne : forall G a, nd Classical G (!!a) -> nd Classical G a.
Proof.
  intros G a d; apply nd_raa; [reflexivity |]; apply (nd_imp_e _ _ (!a)); [apply weaken1; exact d | hyp].
Qed.

Theorem not_not_excluded_middle : forall L G a, nd L G (!!(a || !a)).
Proof.
  intros L G a; apply nd_imp_i; apply (nd_imp_e _ _ (a || !a)); [hyp |].
  apply nd_or_i2, nd_imp_i; apply (nd_imp_e _ _ (a || !a)); [hyp | apply nd_or_i1; hyp].
Qed.

Theorem classical_excluded_middle : forall G a, nd Classical G (a || !a).
Proof. intros G a; apply classical_dne, not_not_excluded_middle. Qed.

Theorem classical_cases : forall G a c,
  nd Classical (a :: G) c -> nd Classical (!a :: G) c -> nd Classical G c.
Proof.
  intros G a c yes no; apply (nd_or_e _ _ a (!a)); [apply classical_excluded_middle | exact yes | exact no].
Qed.
