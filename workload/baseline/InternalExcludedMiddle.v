(** * The excluded middle inside the logic

    Where the atoms are decided, every formula is decided, and intuitionistic logic proves it.  So classical
    propositional logic is intuitionistic logic over decided atoms, no more.  None of this rests on an axiom. *)

From Coq Require Import Bool List PeanoNat.
From Logos Require Import Formula NaturalDeduction BooleanSemantics Kalmar Stability.
Import ListNotations.
Local Open Scope form_scope.

(** "Atom [k] is decided", for each [k] below [n]. *)
Fixpoint decided (n : nat) : list form :=
  match n with
  | 0 => []
  | S k => (Atom k || !Atom k) :: decided k
  end.

(** What holds in every row holds where the atoms are decided, in either logic. *)
Lemma split_rows : forall L n a D, (forall v, nd L (row v n ++ D) a) -> nd L (decided n ++ D) a.
Proof.
  intros L n a; induction n as [| n IH]; intros D h; [exact (h (fun _ => true)) |].
  assert (branch : forall b, nd L (signed (fun _ => b) (Atom n) :: decided n ++ D) a).
  { intro b; apply (weakening _ (decided n ++ signed (fun _ => b) (Atom n) :: D)).
    - apply IH; intro v; apply (weakening _ (row (update v n b) (S n) ++ D)); [apply h |].
      assert (same : row (update v n b) n = row v n).
      { apply row_agree; intros k lt; apply update_other; intro e; subst; exact (Nat.lt_irrefl _ lt). }
      simpl; rewrite same; unfold signed; simpl; rewrite update_same.
      intros x [e | i]; apply in_or_app; [right; left; exact e |].
      apply in_app_or in i; destruct i; [left | right; right]; assumption.
    - intros x i; apply in_app_or in i; simpl in *; rewrite in_app_iff; tauto. }
  apply (nd_or_e _ _ (Atom n) (!Atom n)); [hyp | |].
  - apply (weakening _ _ _ (branch true)); intros x [e | i]; [left; exact e | right; right; exact i].
  - apply (weakening _ _ _ (branch false)); intros x [e | i]; [left; exact e | right; right; exact i].
Qed.

(** The constructive law of the excluded middle: no classical rule inside, no axiom outside. *)
Theorem internal_excluded_middle : forall a, nd Intuitionistic (decided (bound a)) (a || !a).
Proof.
  intro a; rewrite <- (app_nil_r (decided (bound a))); apply split_rows; intro v; rewrite app_nil_r.
  pose proof (kalmar Intuitionistic v a (bound a) (Nat.le_refl _)) as d; unfold signed in d.
  destruct (eval v a); [apply nd_or_i1 | apply nd_or_i2]; exact d.
Qed.

Lemma decided_classical : forall n G g, In g (decided n) -> nd Classical G g.
Proof.
  intros n G g; induction n as [| n IH]; intros []; [subst; apply classical_excluded_middle | auto].
Qed.

Theorem classical_iff_decided_atoms : forall a,
  nd Classical [] a <-> nd Intuitionistic (decided (bound a)) a.
Proof.
  intro a; split; intro d.
  - rewrite <- (app_nil_r (decided (bound a))); apply split_rows; intro v; rewrite app_nil_r.
    pose proof (kalmar Intuitionistic v a (bound a) (Nat.le_refl _)) as r; unfold signed in r.
    rewrite (soundness _ _ _ d v) in r; [exact r | intros g []].
  - apply (substitution _ _ _ (intuitionistic_classical _ _ d)); intro g; apply decided_classical.
Qed.

(** ** The same fact about propositions themselves *)

Fixpoint meaning (I : nat -> Prop) (a : form) : Prop :=
  match a with
  | Atom n => I n
  | Bot => False
  | Imp b c => meaning I b -> meaning I c
  | And b c => meaning I b /\ meaning I c
  | Or b c => meaning I b \/ meaning I c
  end.

Theorem meaning_decidable : forall I a, (forall n, decidable (I n)) -> decidable (meaning I a).
Proof.
  intros I a dec; induction a; simpl;
    auto using decidable_false, decidable_imp, decidable_and, decidable_or.
Qed.

(** Intuitionistic derivations are about all propositions, whatever the atoms mean. *)
Theorem intuitionistic_meaning : forall I G a,
  nd Intuitionistic G a -> (forall g, In g G -> meaning I g) -> meaning I a.
Proof.
  intros I G a d; remember Intuitionistic as L eqn:e.
  assert (under : forall b G, (forall g, In g G -> meaning I g) -> meaning I b ->
                    forall g, In g (b :: G) -> meaning I g).
  { intros b G' h m g [q | i]; [subst; exact m | exact (h g i)]. }
  induction d; intro h; simpl in *; try discriminate.
  - exact (h a H).
  - destruct (IHd h).
  - congruence.
  - intro m; exact (IHd (under a G h m)).
  - exact (IHd1 h (IHd2 h)).
  - exact (conj (IHd1 h) (IHd2 h)).
  - exact (proj1 (IHd h)).
  - exact (proj2 (IHd h)).
  - left; exact (IHd h).
  - right; exact (IHd h).
  - destruct (IHd1 h) as [m | m]; [exact (IHd2 (under a G h m)) | exact (IHd3 (under b G h m))].
Qed.

Theorem tautology_meaning : forall I a, (forall n, decidable (I n)) -> tautology a -> meaning I a.
Proof.
  intros I a dec taut.
  apply (intuitionistic_meaning I (decided (bound a))).
  - apply classical_iff_decided_atoms, completeness; exact taut.
  - intro g; generalize (bound a); intro n; induction n as [| n IH]; intros []; [subst; exact (dec n) | auto].
Qed.
