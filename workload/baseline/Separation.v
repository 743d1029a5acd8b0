(** * The systems are different, and what fails in them

    Finite countermodels with decided atoms.  Everything here is constructive. *)

From Logos Require Import Stability Modal Hilbert Systems Soundness.
Local Open Scope modal_scope.

(** The valuation that makes every atom true exactly at one world. *)
Definition only (F : frame) (w : world F) : valuation F := fun _ u => u = w.

(** ... and the one that makes every atom false exactly there. *)
Definition except (F : frame) (w : world F) : valuation F := fun _ u => u <> w.

Lemma except_stable : forall F w, stable_valuation F (except F w).
Proof. intros F w n u; apply stable_imp, stable_false. Qed.

Lemma only_stable : forall F w, (forall u, decidable (u = w)) -> stable_valuation F (only F w).
Proof. intros F w dec n u; apply decidable_stable, dec. Qed.

(** ** K does not prove D: a world that sees nothing *)

Definition dead_end : frame := {| world := unit; sees := fun _ _ => False |}.

Theorem K_without_D : ~ theorem K (□ Var 0 ~> ◇ Var 0).
Proof.
  intro d; apply (K_soundness dead_end _ d (except dead_end tt) (except_stable _ _) tt); intros u [].
Qed.

(** ** D does not prove T: two worlds that see only each other *)

Definition swap : frame := {| world := bool; sees := fun w u => u = negb w |}.

Theorem D_without_T : ~ theorem D (□ Var 0 ~> Var 0).
Proof.
  intro d; assert (h : serial swap) by (intro w; exists (negb w); reflexivity).
  apply (soundness D swap (D_sound swap h) _ d (except swap true) (except_stable _ _) true); [| reflexivity].
  intros u e; simpl in e; subst; intro e; discriminate e.
Qed.

(** ** T and KTB do not prove 4: three worlds in a row, each seeing its neighbours *)

Inductive row := left_end | middle | right_end.

Definition neighbours (w u : row) : Prop :=
  match w, u with
  | left_end, right_end | right_end, left_end => False
  | _, _ => True
  end.

Definition line : frame := {| world := row; sees := neighbours |}.

Theorem KTB_without_4 : ~ theorem KTB (□ Var 0 ~> □ □ Var 0).
Proof.
  intro d; assert (r : reflexive line) by (intros []; exact I).
  assert (s : symmetric line) by (intros [] [] h; exact h).
  pose proof (KTB_soundness line r s _ d (except line right_end) (except_stable _ _) left_end) as sees_far.
  refine (sees_far _ middle I right_end I eq_refl); intros [] wu e; first [discriminate e | exact wu].
Qed.

(** ** S4 does not prove B or 5: a past that the present does not see *)

Definition arrow : frame := {| world := bool; sees := fun w u => w = false \/ u = true |}.

Lemma arrow_reflexive : reflexive arrow.
Proof. intros []; [right | left]; reflexivity. Qed.

Lemma arrow_transitive : transitive arrow.
Proof. intros u v w [e | e] [e' | e']; subst; [left | left | discriminate e' | right]; reflexivity. Qed.

Lemma arrow_present : forall u, sees arrow true u -> u = true.
Proof. intros u [e | e]; [discriminate e | exact e]. Qed.

Theorem S4_without_B : ~ theorem S4 (Var 0 ~> □ ◇ Var 0).
Proof.
  intro d.
  refine (S4_soundness arrow arrow_reflexive arrow_transitive _ d (only arrow false) _ false eq_refl true _ _).
  - apply only_stable; intro u; apply decidable_bool.
  - left; reflexivity.
  - intros u tu e; rewrite (arrow_present u tu) in e; discriminate e.
Qed.

Theorem S4_without_5 : ~ theorem S4 (◇ Var 0 ~> □ ◇ Var 0).
Proof.
  intro d.
  refine (S4_soundness arrow arrow_reflexive arrow_transitive _ d (only arrow false) _ false _ true _ _).
  - apply only_stable; intro u; apply decidable_bool.
  - intro none; apply (none false); [left |]; reflexivity.
  - left; reflexivity.
  - intros u tu e; rewrite (arrow_present u tu) in e; discriminate e.
Qed.

(** ** S5 keeps its three modalities apart: nothing collapses further *)

Definition pair : frame := {| world := bool; sees := fun _ _ => True |}.

Lemma pair_equivalence : equivalence pair.
Proof. repeat split. Qed.

Lemma only_false_stable : stable_valuation pair (only pair false).
Proof. apply only_stable; intro u; apply decidable_bool. Qed.

Theorem S5_possible_not_true : ~ theorem S5 (◇ Var 0 ~> Var 0).
Proof.
  intro d; assert (h : true = false); [| discriminate h].
  apply (S5_soundness pair pair_equivalence _ d (only pair false) only_false_stable true).
  intro none; exact (none false I eq_refl).
Qed.

Theorem S5_true_not_necessary : ~ theorem S5 (Var 0 ~> □ Var 0).
Proof.
  intro d; assert (h : true = false); [| discriminate h].
  exact (S5_soundness pair pair_equivalence _ d (only pair false) only_false_stable false eq_refl true I).
Qed.

(** ** The deduction theorem needs its restriction

    With hypotheses as axioms, necessitation reaches them; then [a] yields [□ a], but no system proves [a ~> □ a]. *)

Definition hypothesis (A : scheme) (a : modal) : scheme := fun x => A x \/ x = a.

Theorem global_deduction_fails :
  theorem (hypothesis S5 (Var 0)) (□ Var 0) /\ ~ theorem S5 (Var 0 ~> □ Var 0).
Proof.
  split; [| exact S5_true_not_necessary].
  apply th_nec, th_axiom; right; reflexivity.
Qed.
