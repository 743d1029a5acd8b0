(** * Which frames an axiom describes

    T and 4 describe reflexive and transitive frames, constructively.  D, B and 5 speak through a diamond, that is,
    through a negation: constructively they describe the double negation of the property.  That this is no weakness of
    the proof but of the axiom is shown too: each of the three classical correspondences implies [DNE]. *)

From Logos Require Import Principles Modal.
Local Open Scope modal_scope.

Definition validates (F : frame) (scheme : modal -> modal) := forall a, valid F (scheme a).

Definition T_scheme a := □ a ~> a.
Definition Four_scheme a := □ a ~> □ □ a.
Definition D_scheme a := □ a ~> ◇ a.
Definition B_scheme a := a ~> □ ◇ a.
Definition Five_scheme a := ◇ a ~> □ ◇ a.

(** ** Exact, without the excluded middle *)

Theorem T_corresponds : forall F, validates F T_scheme <-> reflexive F.
Proof.
  intro F; split.
  - intros v w; exact (v (Var 0) (fun _ u => sees F w u) w (fun _ h => h)).
  - intros r a V w h; exact (h w (r w)).
Qed.

Theorem Four_corresponds : forall F, validates F Four_scheme <-> transitive F.
Proof.
  intro F; split.
  - intros v x y z xy yz; exact (v (Var 0) (fun _ u => sees F x u) x (fun _ h => h) y xy z yz).
  - intros t a V w h u wu x ux; exact (h x (t w u x wu ux)).
Qed.

(** ** Exact, up to a double negation *)

Definition weakly_serial F := forall w, ~ ~ exists u, sees F w u.
Definition weakly_symmetric F := forall w u, sees F w u -> ~ ~ sees F u w.
Definition weakly_euclidean F := forall w u v, sees F w u -> sees F w v -> ~ ~ sees F u v.

Theorem D_corresponds : forall F, validates F D_scheme <-> weakly_serial F.
Proof.
  intro F; split.
  - intros v w none; apply (v (Var 0) (fun _ _ => True) w (fun _ _ => I)).
    intros u wu _; apply none; exists u; exact wu.
  - intros s a V w h no; apply (s w); intros [u wu]; exact (no u wu (h u wu)).
Qed.

Theorem B_corresponds : forall F, validates F B_scheme <-> weakly_symmetric F.
Proof.
  intro F; split.
  - intros v w u wu no; apply (v (Var 0) (fun _ x => x = w) w eq_refl u wu).
    intros x ux e; simpl in e; subst; exact (no ux).
  - intros s a V w h u wu no; apply (s w u wu); intro uw; exact (no w uw h).
Qed.

Theorem Five_corresponds : forall F, validates F Five_scheme <-> weakly_euclidean F.
Proof.
  intro F; split.
  - intros v w u x wu wx no.
    apply (v (Var 0) (fun _ y => y = x) w (fun all => all x wx eq_refl) u wu).
    intros y uy e; simpl in e; subst; exact (no uy).
  - intros e a V w h u wu no; apply h; intros x wx s.
    apply (e w u x wu wx); intro ux; exact (no x ux s).
Qed.

(** ** The classical correspondences are as strong as [DNE]

    The witness is a frame whose one doubtful edge is there exactly when [P] holds. *)

Definition doubtful (P : Prop) : frame :=
  {| world := bool; sees := fun w u => w = false \/ u = true \/ P |}.

(** A single world, which sees itself exactly when [P] holds. *)
Definition doubtful_loop (P : Prop) : frame := {| world := unit; sees := fun _ _ => P |}.

Theorem D_classical_iff_dne : (forall F, validates F D_scheme -> serial F) <-> DNE.
Proof.
  split.
  - intros cor P nn; assert (ws : weakly_serial (doubtful_loop P)).
    { intros w none; apply nn; intro p; apply none; exists tt; exact p. }
    destruct (cor _ (proj2 (D_corresponds _) ws) tt) as [u p]; exact p.
  - intros dne F v w; apply dne, D_corresponds; exact v.
Qed.

Theorem B_classical_iff_dne : (forall F, validates F B_scheme -> symmetric F) <-> DNE.
Proof.
  split.
  - intros cor P nn; assert (ws : weakly_symmetric (doubtful P)).
    { intros w u _ no; apply nn; intro p; apply no; right; right; exact p. }
    destruct (cor _ (proj2 (B_corresponds _) ws) false true (or_introl eq_refl)) as [e | [e | p]];
      [discriminate e | discriminate e | exact p].
  - intros dne F v w u wu; apply dne; exact (proj1 (B_corresponds F) v w u wu).
Qed.

Theorem Five_classical_iff_dne : (forall F, validates F Five_scheme -> euclidean F) <-> DNE.
Proof.
  split.
  - intros cor P nn; assert (we : weakly_euclidean (doubtful P)).
    { intros w u v _ _ no; apply nn; intro p; apply no; right; right; exact p. }
    assert (edge : sees (doubtful P) true false).
    { exact (cor _ (proj2 (Five_corresponds _) we) false true false (or_introl eq_refl) (or_introl eq_refl)). }
    destruct edge as [e | [e | p]]; [discriminate e | discriminate e | exact p].
  - intros dne F v w u x wu wx; apply dne; exact (proj1 (Five_corresponds F) v w u x wu wx).
Qed.
