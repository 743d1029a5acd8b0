(** * Truth tables: soundness, consistency, and a decision procedure

    Truth values are booleans, so nothing classical is used on the outside. *)

From Coq Require Import Bool List PeanoNat.
From Logos Require Import Formula NaturalDeduction.
Import ListNotations.
Local Open Scope form_scope.

Definition assignment := nat -> bool.

Fixpoint eval (v : assignment) (a : form) : bool :=
  match a with
  | Atom n => v n
  | Bot => false
  | Imp b c => implb (eval v b) (eval v c)
  | And b c => andb (eval v b) (eval v c)
  | Or b c => orb (eval v b) (eval v c)
  end.

Definition consequence (G : list form) (a : form) :=
  forall v, (forall g, In g G -> eval v g = true) -> eval v a = true.

Definition tautology (a : form) := forall v, eval v a = true.

Lemma consequence_cons : forall G a b v,
  (forall g, In g G -> eval v g = true) -> consequence (a :: G) b -> eval v a = true -> eval v b = true.
Proof.
  intros G a b v h c e; apply c; intros g [q | i]; [subst; exact e | exact (h g i)].
Qed.

Theorem soundness : forall L G a, nd L G a -> consequence G a.
Proof.
  intros L G a d; induction d; intros v h;
    repeat match goal with
    | H : consequence (_ :: G) _ |- _ => pose proof (consequence_cons _ _ _ v h H); clear H
    | H : consequence G _ |- _ => specialize (H v h)
    end; simpl in *; auto;
    repeat match goal with
    | |- context [eval v ?x] => destruct (eval v x)
    | H : context [eval v ?x] |- _ => destruct (eval v x)
    end; simpl in *; auto.
Qed.

Theorem consistency : forall L, ~ nd L [] Bot.
Proof.
  intros L d; pose proof (soundness _ _ _ d (fun _ => true)) as h.
  discriminate h; intros g [].
Qed.

(** ** Only the atoms below the bound matter *)

Lemma eval_agree : forall a v w, (forall n, n < bound a -> v n = w n) -> eval v a = eval w a.
Proof.
  intro a; induction a as [n | | b IHb c IHc | b IHb c IHc | b IHb c IHc]; intros v w h; simpl in *.
  1: apply h, Nat.lt_succ_diag_r.
  1: reflexivity.
  all: rewrite (IHb v w), (IHc v w); [reflexivity | |]; intros n lt; apply h.
  all: apply (Nat.lt_le_trans _ _ _ lt); first [apply Nat.le_max_l | apply Nat.le_max_r].
Qed.

Definition update (v : assignment) (n : nat) (b : bool) : assignment :=
  fun m => if Nat.eq_dec m n then b else v m.

Lemma update_same : forall v n b, update v n b n = b.
Proof. intros v n b; unfold update; destruct (Nat.eq_dec n n); [reflexivity | congruence]. Qed.

Lemma update_other : forall v n b m, m <> n -> update v n b m = v m.
Proof. intros v n b m h; unfold update; destruct (Nat.eq_dec m n); [congruence | reflexivity]. Qed.

(** ** The truth table, row by row *)

Fixpoint table (n : nat) (v : assignment) (a : form) : bool :=
  match n with
  | 0 => eval v a
  | S k => table k (update v k true) a && table k (update v k false) a
  end.

Lemma table_complete : forall n v a, tautology a -> table n v a = true.
Proof.
  intro n; induction n as [| n IH]; intros v a taut; simpl; [apply taut | rewrite !IH; auto].
Qed.

Lemma table_sound : forall n v a w,
  table n v a = true -> (forall m, n <= m -> m < bound a -> v m = w m) -> eval w a = true.
Proof.
  intro n; induction n as [| n IH]; intros v a w t h; simpl in t.
  - rewrite <- t; symmetry; apply eval_agree; intros m lt; apply h; [apply Nat.le_0_l | exact lt].
  - apply andb_true_iff in t; destruct t as [yes no].
    assert (row : forall m, n <= m -> m < bound a -> update v n (w n) m = w m).
    { intros m le lt; destruct (Nat.eq_dec m n) as [e | e]; [subst; apply update_same |].
      rewrite update_other by exact e; apply h; [| exact lt].
      apply Nat.le_neq; split; [exact le | intro q; apply e; symmetry; exact q]. }
    destruct (w n); [apply (IH _ _ _ yes row) | apply (IH _ _ _ no row)].
Qed.

Theorem table_correct : forall a, table (bound a) (fun _ => false) a = true <-> tautology a.
Proof.
  intro a; split; intro h; [| apply table_complete; exact h].
  intro w; apply (table_sound (bound a) (fun _ => false)); [exact h |].
  intros m le lt; destruct (Nat.lt_irrefl m); apply (Nat.lt_le_trans _ _ _ lt le).
Qed.

Theorem tautology_decidable : forall a, {tautology a} + {~ tautology a}.
Proof.
  intro a; destruct (table (bound a) (fun _ => false) a) eqn:e.
  - left; apply table_correct; exact e.
  - right; intro t; apply table_correct in t; congruence.
Qed.
