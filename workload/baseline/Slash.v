(** * The disjunction property, by Aczel's slash

    A closed intuitionistic proof of a disjunction proves one side: the reason why [a || !a] is not a law. *)

From Coq Require Import List.
From Logos Require Import Formula NaturalDeduction BooleanSemantics.
Import ListNotations.
Local Open Scope form_scope.

Local Notation "|- a" := (nd Intuitionistic [] a) (at level 70).

Fixpoint slash (a : form) : Prop :=
  match a with
  | Atom n => |- Atom n
  | Bot => False
  | Imp b c => |- b ==> c /\ (slash b -> slash c)
  | And b c => slash b /\ slash c
  | Or b c => slash b \/ slash c
  end.

Lemma slash_provable : forall a, slash a -> |- a.
Proof.
  intro a; induction a; simpl; intro s.
  - exact s.
  - destruct s.
  - exact (proj1 s).
  - apply nd_and_i; [apply IHa1 | apply IHa2]; tauto.
  - destruct s as [s | s]; [apply nd_or_i1, IHa1 | apply nd_or_i2, IHa2]; exact s.
Qed.

Theorem slash_sound : forall G a, nd Intuitionistic G a -> (forall g, In g G -> slash g) -> slash a.
Proof.
  intros G a d; remember Intuitionistic as L eqn:e.
  assert (under : forall b G, (forall g, In g G -> slash g) -> slash b -> forall g, In g (b :: G) -> slash g).
  { intros b G' h s g [q | i]; [subst; exact s | exact (h g i)]. }
  induction d; intro h.
  - exact (h a H).
  - destruct (IHd h).
  - congruence.
  - split.
    + subst; apply (substitution _ G); [apply nd_imp_i; exact d |].
      intros g i; apply slash_provable, h, i.
    + intro s; exact (IHd (under a G h s)).
  - exact (proj2 (IHd1 h) (IHd2 h)).
  - exact (conj (IHd1 h) (IHd2 h)).
  - exact (proj1 (IHd h)).
  - exact (proj2 (IHd h)).
  - left; exact (IHd h).
  - right; exact (IHd h).
  - destruct (IHd1 h) as [s | s]; [exact (IHd2 (under a G h s)) | exact (IHd3 (under b G h s))].
Qed.

Theorem disjunction_property : forall a b, |- a || b -> |- a \/ |- b.
Proof.
  intros a b d; destruct (slash_sound _ _ d) as [s | s]; [intros g [] | left | right];
    apply slash_provable; exact s.
Qed.

Theorem excluded_middle_underivable : forall n, ~ |- Atom n || !Atom n.
Proof.
  intros n d; destruct (disjunction_property _ _ d) as [p | p].
  - pose proof (soundness _ _ _ p (fun _ => false)) as h; discriminate h; intros g [].
  - pose proof (soundness _ _ _ p (fun _ => true)) as h; discriminate h; intros g [].
Qed.
