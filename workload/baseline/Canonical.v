(** * The canonical model

    Its worlds are the complete theories.  The truth lemma and the frame properties are constructive. *)

From Logos Require Import Stability Modal Hilbert Systems Lindenbaum.
Local Open Scope modal_scope.

Definition canonical (A : scheme) : frame :=
  {| world := {W : theory | complete A W}; sees := fun W X => forall a, proj1_sig W (□ a) -> proj1_sig X a |}.

Definition membership A : valuation (canonical A) := fun n W => proj1_sig W (Var n).

Lemma membership_stable : forall A, stable_valuation (canonical A) (membership A).
Proof. intros A n [W c]; apply (complete_stable A W c). Qed.

(** A world where [a] is not necessary sees a world where it fails. *)
Lemma canonical_witness : forall A (W : world (canonical A)) a,
  (forall X, sees (canonical A) W X -> proj1_sig X a) -> proj1_sig W (□ a).
Proof.
  intros A [W c] a h; simpl in *; apply (complete_maximal A W c); intro d.
  set (seen := fun x => entails A W (□ x)).
  assert (con : consistent A (add seen (- a))).
  { intro f; apply (complete_consistent A W c); apply (en_mp _ _ (□ a)); [apply en_intro; exact d |].
    apply en_box, en_contradiction; exact f. }
  destruct (lindenbaum A _ con) as [inc cX].
  assert (ha : limit A (add seen (- a)) a).
  { apply (h (exist _ _ cX)); intros x hx; apply inc; left; apply en_hyp; exact hx. }
  apply (complete_falsum _ _ cX), (proj1 (complete_implies _ _ cX a Falsum)); [apply inc; right; reflexivity | exact ha].
Qed.

Theorem truth : forall A a (W : world (canonical A)),
  sat (canonical A) (membership A) W a <-> proj1_sig W a.
Proof.
  intros A a; induction a as [n | | b IHb c IHc | b IHb]; intro W; simpl.
  - reflexivity.
  - split; [intros [] | apply (complete_falsum A), (proj2_sig W)].
  - rewrite IHb, IHc; symmetry; apply (complete_implies A), (proj2_sig W).
  - split.
    + intro h; apply canonical_witness; intros X s; apply IHb, h; exact s.
    + intros h X s; apply IHb, s; exact h.
Qed.

(** ** Axioms shape the canonical frame *)

Lemma canonical_theorem : forall A a, theorem A a -> forall W : world (canonical A), proj1_sig W a.
Proof. intros A a d [W c]; apply (complete_closed A W c), en_theorem; exact d. Qed.

Lemma canonical_mp : forall A a b, theorem A (a ~> b) ->
  forall W : world (canonical A), proj1_sig W a -> proj1_sig W b.
Proof. intros A a b d W; apply (complete_implies A _ (proj2_sig W)), (canonical_theorem A _ d). Qed.

Lemma canonical_reflexive : forall A, (forall a, theorem A (□ a ~> a)) -> reflexive (canonical A).
Proof. intros A ax W a; apply (canonical_mp A _ _ (ax a)). Qed.

Lemma canonical_transitive : forall A, (forall a, theorem A (□ a ~> □ □ a)) -> transitive (canonical A).
Proof. intros A ax U W X uw wx a h; apply wx, uw, (canonical_mp A _ _ (ax a)); exact h. Qed.

Lemma canonical_symmetric : forall A, (forall a, theorem A (a ~> □ ◇ a)) -> symmetric (canonical A).
Proof.
  intros A ax W X wx a h; pose proof (proj2_sig W) as c; apply (complete_stable A _ c); intro no.
  assert (neg : proj1_sig W (- a)) by (apply (complete_implies A _ c); intro ha; destruct (no ha)).
  apply (canonical_mp A _ _ (ax (- a))) in neg; apply wx in neg.
  apply (complete_falsum A _ (proj2_sig X)), (proj1 (complete_implies A _ (proj2_sig X) _ _) neg).
  apply (canonical_mp A _ _ (th_box _ _ _ (th_not_not A a))); exact h.
Qed.

Lemma canonical_S5 : equivalence (canonical S5).
Proof.
  split; [apply canonical_reflexive, S5_T | split].
  - apply canonical_symmetric, S5_B.
  - apply canonical_transitive, S5_4.
Qed.
