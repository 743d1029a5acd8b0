(** * The systems K, D, T, B, S4 and S5

    Each is a scheme for [theorem]; the smaller are contained in the larger, and S5 has two axiomatisations. *)

From Logos Require Import Modal Hilbert.
Local Open Scope modal_scope.

Inductive ax_D : scheme := d_intro a : ax_D (□ a ~> ◇ a).
Inductive ax_T : scheme := t_intro a : ax_T (□ a ~> a).
Inductive ax_B : scheme := b_intro a : ax_B (a ~> □ ◇ a).
Inductive ax_4 : scheme := four_intro a : ax_4 (□ a ~> □ □ a).
Inductive ax_5 : scheme := five_intro a : ax_5 (◇ a ~> □ ◇ a).

Definition both (A B : scheme) : scheme := fun a => A a \/ B a.

Definition K : scheme := fun _ => False.
Definition D : scheme := ax_D.
Definition T : scheme := ax_T.
Definition KTB : scheme := both ax_T ax_B.
Definition S4 : scheme := both ax_T ax_4.
Definition S5 : scheme := both ax_T ax_5.
Definition KTB4 : scheme := both KTB ax_4.

Lemma theorem_both_l : forall (A B : scheme) a, theorem A a -> theorem (both A B) a.
Proof. intros A B; apply theorem_mono; intros a h; apply th_axiom; left; exact h. Qed.

Lemma theorem_both_r : forall (A B : scheme) a, theorem B a -> theorem (both A B) a.
Proof. intros A B; apply theorem_mono; intros a h; apply th_axiom; right; exact h. Qed.

Theorem K_least : forall A a, theorem K a -> theorem A a.
Proof. intro A; apply theorem_mono; intros a []. Qed.

(** [◇] is the dual of [□], in every normal logic. *)
Theorem box_not_dia_not : forall A a, equivalent A (□ a) (- ◇ (- a)).
Proof.
  intros A a; apply equivalent_sym.
  apply (equivalent_trans _ _ (□ (- - a))); [apply equivalent_not_not | apply equivalent_box, equivalent_not_not].
Qed.

Theorem T_dia : forall A : scheme, (forall a, ax_T a -> A a) -> forall a, theorem A (a ~> ◇ a).
Proof.
  intros A inc a; apply (th_compose _ _ (- - a)); [apply th_not_not |].
  apply th_contrapose, th_axiom, inc, t_intro.
Qed.

Theorem T_proves_D : forall a, theorem T (□ a ~> ◇ a).
Proof.
  intro a; apply (th_compose _ _ a); [apply th_axiom, t_intro | apply T_dia; auto].
Qed.

(** ** S5 from T and 5 *)

Lemma S5_T : forall a, theorem S5 (□ a ~> a).
Proof. intro a; apply th_axiom; left; constructor. Qed.

Lemma S5_5 : forall a, theorem S5 (◇ a ~> □ ◇ a).
Proof. intro a; apply th_axiom; right; constructor. Qed.

Lemma S5_dia : forall a, theorem S5 (a ~> ◇ a).
Proof. apply T_dia; intros a h; left; exact h. Qed.

Theorem S5_B : forall a, theorem S5 (a ~> □ ◇ a).
Proof. intro a; apply (th_compose _ _ (◇ a)); [apply S5_dia | apply S5_5]. Qed.

(** The dual of 5: the possibly necessary is necessary. *)
Theorem S5_dia_box : forall a, theorem S5 (◇ □ a ~> □ a).
Proof.
  intro a.
  assert (no : theorem S5 (- □ a ~> □ (- □ a))).
  { apply (th_compose _ _ (◇ (- a))).
    - apply th_contrapose, th_box, th_dne.
    - apply (th_compose _ _ (□ ◇ (- a))); [apply S5_5 |].
      apply th_box, th_contrapose, th_box, th_not_not. }
  apply (th_compose _ _ (- - □ a)); [apply th_contrapose; exact no | apply th_dne].
Qed.

Theorem S5_4 : forall a, theorem S5 (□ a ~> □ □ a).
Proof.
  intro a; apply (th_compose _ _ (□ ◇ □ a)); [apply S5_B | apply th_box, S5_dia_box].
Qed.

(** ** And back: T, B and 4 give 5 *)

Lemma KTB4_5 : forall a, theorem KTB4 (◇ a ~> □ ◇ a).
Proof.
  intro a; apply (th_compose _ _ (□ ◇ ◇ a)).
  - apply th_axiom; left; right; constructor.
  - apply th_box, th_contrapose.
    apply (th_compose _ _ (□ □ (- a))); [apply th_axiom; right; constructor |].
    apply th_box, th_not_not.
Qed.

Theorem S5_iff_KTB4 : forall a, theorem S5 a <-> theorem KTB4 a.
Proof.
  intro a; split; apply theorem_mono; clear a.
  - intros a [[b] | [b]]; [apply th_axiom; left; left; constructor | apply KTB4_5].
  - intros a [[[b] | [b]] | [b]]; [apply S5_T | apply S5_B | apply S5_4].
Qed.

Theorem S4_in_S5 : forall a, theorem S4 a -> theorem S5 a.
Proof. apply theorem_mono; intros a [[b] | [b]]; [apply S5_T | apply S5_4]. Qed.

Theorem KTB_in_S5 : forall a, theorem KTB a -> theorem S5 a.
Proof. apply theorem_mono; intros a [[b] | [b]]; [apply S5_T | apply S5_B]. Qed.
