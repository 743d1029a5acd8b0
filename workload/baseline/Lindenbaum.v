(** * Lindenbaum's lemma, without the excluded middle

    Every consistent theory extends to a complete one.  The usual proof decides, formula by formula, whether adding it
    stays consistent.  Here the decision is part of the definition of the set, not of a computation, and what is to be
    proved of the set is negative, so that no case distinction is missed.  "Complete" is said in its stable form: what
    may be added without contradiction is a member. *)

From Coq Require Import PeanoNat.
From Logos Require Import Stability Modal Hilbert Enumeration.
Local Open Scope modal_scope.

Definition consistent A G := ~ entails A G Falsum.

Record complete (A : scheme) (W : theory) : Prop := {
  complete_consistent : consistent A W;
  complete_maximal : forall a, consistent A (add W a) -> W a
}.

(** ** The construction *)

Fixpoint extend (A : scheme) (G : theory) (n : nat) : theory :=
  match n with
  | 0 => G
  | S k => fun x => extend A G k x \/ (x = formula k /\ consistent A (add (extend A G k) x))
  end.

Definition limit A G : theory := fun x => exists n, extend A G n x.

Lemma extend_consistent : forall A G, consistent A G -> forall n, consistent A (extend A G n).
Proof.
  intros A G con n; induction n as [| n IH]; [exact con |]; intro d.
  assert (refuted : ~ consistent A (add (extend A G n) (formula n))).
  { intro c; apply c; apply (entails_mono _ _ _) with (2 := d).
    intros x [old | [new _]]; [left; exact old | right; exact new]. }
  apply IH; apply (entails_mono _ _ _) with (2 := d).
  intros x [old | [new c]]; [exact old | subst; destruct (refuted c)].
Qed.

Lemma extend_grows : forall A G m n, m <= n -> included (extend A G m) (extend A G n).
Proof.
  intros A G m n le; induction le as [| n le IH]; intros x h; [exact h | left; exact (IH x h)].
Qed.

(** A derivation uses finitely many hypotheses, so some stage has them all. *)
Lemma limit_finite : forall A G a, entails A (limit A G) a -> exists n, entails A (extend A G n) a.
Proof.
  intros A G a d; induction d as [x [n h] | x t | x y _ [m IH1] _ [n IH2]].
  - exists n; apply en_hyp; exact h.
  - exists 0; apply en_theorem; exact t.
  - exists (Nat.max m n); apply (en_mp _ _ x).
    + apply (entails_mono _ (extend A G m)); [apply extend_grows, Nat.le_max_l | exact IH1].
    + apply (entails_mono _ (extend A G n)); [apply extend_grows, Nat.le_max_r | exact IH2].
Qed.

Theorem lindenbaum : forall A G, consistent A G -> included G (limit A G) /\ complete A (limit A G).
Proof.
  intros A G con; split; [intros x g; exists 0; exact g |]; split.
  - intro d; destruct (limit_finite A G _ d) as [n e]; exact (extend_consistent A G con n e).
  - intros a c; destruct (formula_surjective a) as [n e]; exists (S n); right; split; [symmetry; exact e |].
    intro d; apply c; apply (entails_mono _ _ _) with (2 := d).
    intros x [h | h]; [left; exists n; exact h | right; exact h].
Qed.

(** ** What complete theories are like *)

Lemma complete_closed : forall A W, complete A W -> forall a, entails A W a -> W a.
Proof.
  intros A W c a d; apply (complete_maximal A W c); intro f.
  apply (complete_consistent A W c); apply (en_mp _ _ a); [apply en_intro; exact f | exact d].
Qed.

Lemma complete_stable : forall A W, complete A W -> forall a, stable (W a).
Proof.
  intros A W c a nn; apply (complete_maximal A W c); intro f; apply nn; intro h.
  apply (complete_consistent A W c); apply (en_mp _ _ a); [apply en_intro; exact f | apply en_hyp; exact h].
Qed.

Lemma complete_falsum : forall A W, complete A W -> ~ W Falsum.
Proof. intros A W c h; apply (complete_consistent A W c), en_hyp; exact h. Qed.

Lemma complete_implies : forall A W, complete A W -> forall a b, W (a ~> b) <-> (W a -> W b).
Proof.
  intros A W c a b; split.
  - intros h ha; apply (complete_closed A W c); apply (en_mp _ _ a); apply en_hyp; assumption.
  - intro h; apply (complete_maximal A W c); intro d.
    assert (refutes : entails A W (- (a ~> b))) by (apply en_intro; exact d).
    assert (ha : W a).
    { apply (complete_closed A W c), en_contradiction; apply (en_mp _ _ (a ~> b)); [apply entails_add; exact refutes |].
      apply en_intro, en_exfalso; apply (en_mp _ _ a); given. }
    apply (complete_consistent A W c); apply (en_mp _ _ (a ~> b)); [exact refutes |].
    apply en_intro, en_hyp; left; exact (h ha).
Qed.
