(** * Principles of omniscience on binary sequences

    Fragments of the excluded middle that speak of sequences alone, their order, and what search gives for free. *)

From Coq Require Import Bool PeanoNat.
From Logos Require Import Principles.

Definition hit (f : nat -> bool) := exists n, f n = true.
Definition silent (f : nat -> bool) := forall n, f n = false.

Definition LPO := forall f, hit f \/ silent f.
Definition WLPO := forall f, silent f \/ ~ silent f.
Definition Markov := forall f, ~ ~ hit f -> hit f.

(** A sequence with at most one hit has none at the even places, or none at the odd ones. *)
Definition LLPO :=
  forall f, (forall m n, f m = true -> f n = true -> m = n) ->
  silent (fun n => f (2 * n)) \/ silent (fun n => f (S (2 * n))).

Lemma silent_iff_not_hit : forall f, silent f <-> ~ hit f.
Proof.
  intro f; split.
  - intros quiet [n h]; rewrite quiet in h; discriminate h.
  - intros none n; destruct (f n) eqn:e; [destruct none; exists n; exact e | reflexivity].
Qed.

Theorem lem_lpo : LEM -> LPO.
Proof.
  intros lem f; destruct (lem (hit f)) as [h | n]; [left; exact h | right; apply silent_iff_not_hit; exact n].
Qed.

Theorem lpo_iff_wlpo_and_markov : LPO <-> WLPO /\ Markov.
Proof.
  split.
  - intro lpo; split; intro f.
    + destruct (lpo f) as [h | quiet]; [right | left; exact quiet].
      intro quiet; exact (proj1 (silent_iff_not_hit f) quiet h).
    + intro nn; destruct (lpo f) as [h | quiet]; [exact h |].
      destruct (nn (proj1 (silent_iff_not_hit f) quiet)).
  - intros [wlpo markov] f; destruct (wlpo f) as [quiet | loud]; [right; exact quiet | left].
    apply markov; intro none; apply loud, silent_iff_not_hit; exact none.
Qed.

Lemma even_not_odd : forall m n, 2 * m <> S (2 * n).
Proof.
  intros m n h; apply (f_equal Nat.even) in h.
  rewrite Nat.even_succ, <- Nat.negb_even, Nat.even_mul, Nat.even_mul in h; discriminate h.
Qed.

Theorem wlpo_llpo : WLPO -> LLPO.
Proof.
  intros wlpo f once; destruct (wlpo (fun n => f (2 * n))) as [quiet | loud]; [left; exact quiet | right].
  intro n; destruct (f (S (2 * n))) eqn:odd; [exfalso | reflexivity].
  apply loud; intro m; destruct (f (2 * m)) eqn:even; [exfalso | reflexivity].
  exact (even_not_odd m n (once _ _ even odd)).
Qed.

(** ** Search

    A hit that merely exists can be computed: the search from 0 ends because a hit bounds it. *)

Inductive reachable (f : nat -> bool) (n : nat) : Prop :=
| reach : (f n = false -> reachable f (S n)) -> reachable f n.

Fixpoint search (f : nat -> bool) (n : nat) (r : reachable f n) : {m | f m = true} :=
  match Bool.bool_dec (f n) true with
  | left found => exist _ n found
  | right missed =>
      match r with
      | reach _ _ next => search f (S n) (next (Bool.not_true_is_false _ missed))
      end
  end.

Lemma reachable_below : forall f k n, f (k + n) = true -> reachable f n.
Proof.
  intros f k; induction k as [| k IH]; intros n h; apply reach; intro missed.
  - change (f n = true) in h; congruence.
  - apply IH; rewrite Nat.add_succ_r; exact h.
Qed.

Theorem hit_witness : forall f, hit f -> {n | f n = true}.
Proof.
  intros f h; apply (search f 0); destruct h as [n h].
  apply (reachable_below f n); rewrite Nat.add_0_r; exact h.
Qed.

(** ** Post's theorem: under Markov, what is enumerable together with its complement is decidable *)

Definition enumerable (P : Prop) := exists f, P <-> hit f.

Theorem markov_post : Markov -> forall P, enumerable P -> enumerable (~ P) -> P \/ ~ P.
Proof.
  intros markov P [f yes] [g no].
  assert (h : hit (fun n => f n || g n)).
  { apply markov; intro none; apply (not_not_lem P); intros [p | n].
    - destruct (proj1 yes p) as [k h]; apply none; exists k; rewrite h; reflexivity.
    - destruct (proj1 no n) as [k h]; apply none; exists k; rewrite h; apply orb_true_r. }
  destruct h as [k h]; apply orb_true_iff in h; destruct h as [h | h].
  - left; apply yes; exists k; exact h.
  - right; apply no; exists k; exact h.
Qed.
