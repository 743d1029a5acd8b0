(** * Completeness of classical natural deduction, by Kalmar's argument

    From one row of the truth table the value of a formula is derivable, and already intuitionistically so.  Only the
    merging of the rows needs a classical rule, and that rule is part of the object logic.  On the outside everything
    is constructive: completeness yields a decision procedure for provability. *)

From Coq Require Import Bool List PeanoNat.
From Logos Require Import Formula NaturalDeduction BooleanSemantics.
Import ListNotations.
Local Open Scope form_scope.

Definition signed (v : assignment) (a : form) : form := if eval v a then a else !a.

(** The literals of a row, for the atoms below [n]. *)
Fixpoint row (v : assignment) (n : nat) : list form :=
  match n with
  | 0 => []
  | S k => signed v (Atom k) :: row v k
  end.

Lemma row_in : forall v n k, k < n -> In (signed v (Atom k)) (row v n).
Proof.
  intros v n k; induction n as [| n IH]; intro lt; [inversion lt |].
  destruct (proj1 (Nat.lt_eq_cases _ _) (proj1 (Nat.lt_succ_r _ _) lt)) as [below | e].
  - right; exact (IH below).
  - left; subst; reflexivity.
Qed.

Lemma row_agree : forall v w n, (forall k, k < n -> v k = w k) -> row v n = row w n.
Proof.
  intros v w n; induction n as [| n IH]; intro h; [reflexivity |]; simpl; f_equal.
  - unfold signed; simpl; rewrite (h n); [reflexivity | apply Nat.lt_succ_diag_r].
  - apply IH; intros k lt; apply h, Nat.lt_lt_succ_r, lt.
Qed.

Theorem kalmar : forall L v a n, bound a <= n -> nd L (row v n) (signed v a).
Proof.
  intros L v a n; induction a as [k | | b IHb c IHc | b IHb c IHc | b IHb c IHc]; intro le; simpl in le.
  1: apply nd_hyp, row_in; exact le.
  1: apply nd_imp_i; hyp.
  all: specialize (IHb (Nat.le_trans _ _ _ (Nat.le_max_l _ _) le)).
  all: specialize (IHc (Nat.le_trans _ _ _ (Nat.le_max_r _ _) le)).
  all: unfold signed in *; simpl; destruct (eval v b); destruct (eval v c); simpl.
  - apply nd_imp_i, weaken1; exact IHc.
  - apply nd_imp_i; apply (nd_imp_e _ _ c); [apply weaken1; exact IHc |].
    apply (nd_imp_e _ _ b); [hyp | apply weaken1; exact IHb].
  - apply nd_imp_i, weaken1; exact IHc.
  - apply nd_imp_i, nd_exfalso; apply (nd_imp_e _ _ b); [apply weaken1; exact IHb | hyp].
  - apply nd_and_i; assumption.
  - apply nd_imp_i; apply (nd_imp_e _ _ c); [apply weaken1; exact IHc | apply (nd_and_e2 _ _ b c); hyp].
  - apply nd_imp_i; apply (nd_imp_e _ _ b); [apply weaken1; exact IHb | apply (nd_and_e1 _ _ b c); hyp].
  - apply nd_imp_i; apply (nd_imp_e _ _ b); [apply weaken1; exact IHb | apply (nd_and_e1 _ _ b c); hyp].
  - apply nd_or_i1; exact IHb.
  - apply nd_or_i1; exact IHb.
  - apply nd_or_i2; exact IHc.
  - apply nd_imp_i; apply (nd_or_e _ _ b c); [hyp | |].
    + apply (nd_imp_e _ _ b); [apply weaken1, weaken1; exact IHb | hyp].
    + apply (nd_imp_e _ _ c); [apply weaken1, weaken1; exact IHc | hyp].
Qed.

Lemma merge_rows : forall n a, (forall v, nd Classical (row v n) a) -> nd Classical [] a.
Proof.
  intros n a; induction n as [| n IH]; intro h; [exact (h (fun _ => true)) |].
  apply IH; intro v.
  assert (same : forall b, row (update v n b) n = row v n).
  { intro b; apply row_agree; intros k lt; apply update_other; intro e; subst; exact (Nat.lt_irrefl _ lt). }
  pose proof (h (update v n true)) as yes; pose proof (h (update v n false)) as no.
  unfold row in yes, no; fold row in yes, no; unfold signed in yes, no; simpl in yes, no.
  rewrite update_same, same in yes, no.
  exact (classical_cases _ _ _ yes no).
Qed.

Theorem completeness : forall a, tautology a -> nd Classical [] a.
Proof.
  intros a taut; apply (merge_rows (bound a)); intro v.
  pose proof (kalmar Classical v a (bound a) (Nat.le_refl _)) as d; unfold signed in d.
  rewrite (taut v) in d; exact d.
Qed.

Lemma eval_implies : forall v G a,
  eval v (implies G a) = true <-> ((forall g, In g G -> eval v g = true) -> eval v a = true).
Proof.
  intros v G; induction G as [| g G IH]; intro a; simpl.
  - split; [auto | intro h; apply h; intros g []].
  - rewrite IH; simpl; split.
    + intros h all; specialize (h (fun x i => all x (or_intror i))).
      rewrite (all g (or_introl eq_refl)) in h; exact h.
    + intros h all; destruct (eval v g) eqn:e; [simpl | reflexivity].
      apply h; intros x [q | i]; [subst; exact e | exact (all x i)].
Qed.

Theorem finite_strong_completeness : forall G a, nd Classical G a <-> consequence G a.
Proof.
  intros G a; split; [apply soundness |]; intro c.
  apply implies_iff, completeness; intro v; apply eval_implies, c.
Qed.

Theorem classical_provability_decidable : forall G a, {nd Classical G a} + {~ nd Classical G a}.
Proof.
  intros G a; destruct (tautology_decidable (implies G a)) as [t | n]; [left | right].
  - apply implies_iff, completeness; exact t.
  - intro d; apply n; intro v; apply eval_implies; apply soundness in d; apply d.
Qed.
