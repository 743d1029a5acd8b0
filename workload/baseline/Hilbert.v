(** * Normal modal logics, as Hilbert systems

    A logic is given by its axiom scheme.  [theorem A] closes the scheme and the classical tautologies under modus
    ponens and necessitation; [entails A G] allows hypotheses, which necessitation may not touch.  That is why the
    deduction theorem holds for [entails]; [Separation] shows that it fails where necessitation may. *)

From Logos Require Import Modal.
Local Open Scope modal_scope.

Definition scheme := modal -> Prop.
Definition theory := modal -> Prop.

Inductive theorem (A : scheme) : modal -> Prop :=
| th_axiom a : A a -> theorem A a
| th_weaken a b : theorem A (a ~> b ~> a)
| th_share a b c : theorem A ((a ~> b ~> c) ~> (a ~> b) ~> a ~> c)
| th_dne a : theorem A (- - a ~> a)
| th_distribute a b : theorem A (□ (a ~> b) ~> □ a ~> □ b)
| th_mp a b : theorem A (a ~> b) -> theorem A a -> theorem A b
| th_nec a : theorem A a -> theorem A (□ a).

Inductive entails (A : scheme) (G : theory) : modal -> Prop :=
| en_hyp a : G a -> entails A G a
| en_theorem a : theorem A a -> entails A G a
| en_mp a b : entails A G (a ~> b) -> entails A G a -> entails A G b.

Definition empty : theory := fun _ => False.
Definition add (G : theory) (a : modal) : theory := fun x => G x \/ x = a.
Definition included (G D : theory) := forall x, G x -> D x.

(** Closes a goal whose formula was added to the theory. *)
Ltac member := first [assumption | right; reflexivity | left; member].
Ltac given := apply en_hyp; member.

Lemma theorem_mono : forall (A B : scheme), (forall a, A a -> theorem B a) -> forall a, theorem A a -> theorem B a.
Proof. intros A B h a d; induction d; eauto using theorem. Qed.

Lemma entails_mono : forall A G D, included G D -> forall a, entails A G a -> entails A D a.
Proof. intros A G D h a d; induction d; eauto using entails. Qed.

Lemma entails_add : forall A G a b, entails A G b -> entails A (add G a) b.
Proof. intros A G a b; apply entails_mono; intros x g; left; exact g. Qed.

Theorem entails_empty : forall A a, entails A empty a <-> theorem A a.
Proof.
  intros A a; split; intro d; [| apply en_theorem; exact d].
  induction d; [destruct H | assumption | eauto using theorem].
Qed.

Lemma theorem_identity : forall A a, theorem A (a ~> a).
Proof.
  intros A a; apply (th_mp _ (a ~> a ~> a)); [| apply th_weaken].
  apply (th_mp _ (a ~> (a ~> a) ~> a)); [apply th_share | apply th_weaken].
Qed.

Theorem deduction : forall A G a b, entails A (add G a) b <-> entails A G (a ~> b).
Proof.
  intros A G a b; split; intro d.
  - induction d as [x [g | e] | x t | x y _ IH1 _ IH2].
    + apply (en_mp _ _ x); [apply en_theorem, th_weaken | apply en_hyp; exact g].
    + subst; apply en_theorem, theorem_identity.
    + apply (en_mp _ _ x); [apply en_theorem, th_weaken | apply en_theorem; exact t].
    + apply (en_mp _ _ (a ~> x)); [apply (en_mp _ _ (a ~> x ~> y)) |]; [apply en_theorem, th_share | |]; assumption.
  - apply (en_mp _ _ a); [apply entails_add; exact d | given].
Qed.

Lemma en_intro : forall A G a b, entails A (add G a) b -> entails A G (a ~> b).
Proof. intros A G a b; apply deduction. Qed.

Lemma theorem_by_deduction : forall A a b, entails A (add empty a) b -> theorem A (a ~> b).
Proof. intros A a b d; apply entails_empty, en_intro; exact d. Qed.

(** ** Propositional steps *)

Lemma en_exfalso : forall A G a, entails A G Falsum -> entails A G a.
Proof.
  intros A G a d; apply (en_mp _ _ (- - a)); [apply en_theorem, th_dne |].
  apply (en_mp _ _ Falsum); [apply en_theorem, th_weaken | exact d].
Qed.

Lemma en_contradiction : forall A G a, entails A (add G (- a)) Falsum -> entails A G a.
Proof.
  intros A G a d; apply (en_mp _ _ (- - a)); [apply en_theorem, th_dne | apply en_intro; exact d].
Qed.

Lemma th_compose : forall A a b c, theorem A (a ~> b) -> theorem A (b ~> c) -> theorem A (a ~> c).
Proof.
  intros A a b c f g; apply theorem_by_deduction.
  apply (en_mp _ _ b); [apply en_theorem; exact g |]; apply (en_mp _ _ a); [apply en_theorem; exact f | given].
Qed.

Lemma th_contrapose : forall A a b, theorem A (a ~> b) -> theorem A (- b ~> - a).
Proof.
  intros A a b d; apply theorem_by_deduction, en_intro.
  apply (en_mp _ _ b); [given |]; apply (en_mp _ _ a); [apply en_theorem; exact d | given].
Qed.

Lemma th_not_not : forall A a, theorem A (a ~> - - a).
Proof. intros A a; apply theorem_by_deduction, en_intro; apply (en_mp _ _ a); given. Qed.

(** ** Modal steps *)

Lemma th_box : forall A a b, theorem A (a ~> b) -> theorem A (□ a ~> □ b).
Proof. intros A a b d; apply (th_mp _ (□ (a ~> b))); [apply th_distribute | apply th_nec; exact d]. Qed.

Lemma th_dia : forall A a b, theorem A (a ~> b) -> theorem A (◇ a ~> ◇ b).
Proof. intros A a b d; apply th_contrapose, th_box, th_contrapose; exact d. Qed.

(** What the necessary entails is necessary. *)
Theorem en_box : forall A G a, entails A (fun x => entails A G (□ x)) a -> entails A G (□ a).
Proof.
  intros A G a d; induction d as [x g | x t | x y _ IH1 _ IH2].
  - exact g.
  - apply en_theorem, th_nec; exact t.
  - apply (en_mp _ _ (□ x)); [| exact IH2].
    apply (en_mp _ _ (□ (x ~> y))); [apply en_theorem, th_distribute | exact IH1].
Qed.

(** ** Equivalence inside a logic is a congruence *)

Definition equivalent A a b := theorem A (a ~> b) /\ theorem A (b ~> a).

Lemma equivalent_refl : forall A a, equivalent A a a.
Proof. intros A a; split; apply theorem_identity. Qed.

Lemma equivalent_sym : forall A a b, equivalent A a b -> equivalent A b a.
Proof. intros A a b [f g]; split; assumption. Qed.

Lemma equivalent_trans : forall A a b c, equivalent A a b -> equivalent A b c -> equivalent A a c.
Proof. intros A a b c [f g] [h k]; split; eauto using th_compose. Qed.

Lemma equivalent_box : forall A a b, equivalent A a b -> equivalent A (□ a) (□ b).
Proof. intros A a b [f g]; split; apply th_box; assumption. Qed.

Lemma equivalent_not : forall A a b, equivalent A a b -> equivalent A (- a) (- b).
Proof. intros A a b [f g]; split; apply th_contrapose; assumption. Qed.

Lemma equivalent_dia : forall A a b, equivalent A a b -> equivalent A (◇ a) (◇ b).
Proof. intros A a b e; apply equivalent_not, equivalent_box, equivalent_not; exact e. Qed.

Lemma equivalent_not_not : forall A a, equivalent A (- - a) a.
Proof. intros A a; split; [apply th_dne | apply th_not_not]. Qed.
