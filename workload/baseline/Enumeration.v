(** * An enumeration of the modal formulas

    Growing lists, each a beginning of the next, in which every formula turns up. *)

From Coq Require Import List PeanoNat.
From Logos Require Import Modal.
Import ListNotations.

(** The [n]th list holds the atoms below [n] and is closed [n] times under the connectives. *)
Fixpoint stage (n : nat) : list modal :=
  match n with
  | 0 => [Falsum]
  | S k =>
      stage k ++ Var k :: map Box (stage k)
        ++ flat_map (fun a => map (Implies a) (stage k)) (stage k)
  end.

Lemma stage_grows : forall n k, exists rest, stage (k + n) = stage n ++ rest.
Proof.
  intros n k; induction k as [| k [rest IH]]; [exists []; symmetry; apply app_nil_r |].
  simpl stage; rewrite IH, <- app_assoc; eexists; reflexivity.
Qed.

Lemma stage_mono : forall m n a, m <= n -> In a (stage m) -> In a (stage n).
Proof.
  intros m n a le h; destruct (stage_grows m (n - m)) as [rest e].
  rewrite Nat.sub_add in e by exact le; rewrite e; apply in_or_app; left; exact h.
Qed.

Theorem stage_complete : forall a, exists n, In a (stage n).
Proof.
  intro a; induction a as [n | | b [m hb] c [n hc] | b [n hb]].
  - exists (S n); simpl; apply in_or_app; right; left; reflexivity.
  - exists 0; left; reflexivity.
  - exists (S (Nat.max m n)); simpl; apply in_or_app; right; right; apply in_or_app; right.
    apply in_flat_map; exists b; split; [apply (stage_mono m); [apply Nat.le_max_l | exact hb] |].
    apply in_map, (stage_mono n); [apply Nat.le_max_r | exact hc].
  - exists (S n); simpl; apply in_or_app; right; right; apply in_or_app; left; apply in_map; exact hb.
Qed.

Lemma longer : forall (X : Type) (l : list X) x rest, length l < length (l ++ x :: rest).
Proof.
  intros X l x rest; induction l as [| y l IH]; simpl; [apply Nat.lt_0_succ | apply -> Nat.succ_lt_mono; exact IH].
Qed.

Lemma stage_long : forall n, n < length (stage n).
Proof.
  intro n; induction n as [| n IH]; [apply Nat.lt_0_1 |].
  apply (Nat.le_lt_trans _ (length (stage n))); [exact IH | apply longer].
Qed.

Definition formula (n : nat) : modal := nth n (stage n) Falsum.

Theorem formula_surjective : forall a, exists n, formula n = a.
Proof.
  intro a; destruct (stage_complete a) as [m h].
  destruct (In_nth _ _ Falsum h) as [k [lt e]]; exists k; unfold formula.
  destruct (Nat.le_ge_cases k m) as [le | ge].
  - destruct (stage_grows k (m - k)) as [rest q]; rewrite Nat.sub_add in q by exact le.
    rewrite q, app_nth1 in e by apply stage_long; exact e.
  - destruct (stage_grows m (k - m)) as [rest q]; rewrite Nat.sub_add in q by exact ge.
    rewrite q, app_nth1 by exact lt; exact e.
Qed.
