(** * Soundness over Kripke frames

    Over stable valuations soundness is constructive, for each system.  Over all valuations it would prove [DNE]. *)

From Logos Require Import Principles Stability Modal Hilbert Systems.
Local Open Scope modal_scope.

Theorem soundness : forall (A : scheme) F, (forall a, A a -> stably_valid F a) ->
  forall a, theorem A a -> stably_valid F a.
Proof.
  intros A F ax a d V s; induction d; intro w.
  - exact (ax a H V s w).
  - intros x _; exact x.
  - intros f g x; exact (f x (g x)).
  - exact (sat_stable F V s a w).
  - intros f x u wu; exact (f u wu (x u wu)).
  - exact (IHd1 w (IHd2 w)).
  - intros u _; exact (IHd u).
Qed.

Theorem consequence_soundness : forall (A : scheme) F, (forall a, A a -> stably_valid F a) ->
  forall G a, entails A G a -> forall V, stable_valuation F V ->
  forall w, (forall g, G g -> sat F V w g) -> sat F V w a.
Proof.
  intros A F ax G a d V s w h; induction d as [x g | x t | x y _ IH1 _ IH2].
  - exact (h x g).
  - exact (soundness A F ax x t V s w).
  - exact (IH1 IH2).
Qed.

(** ** The axioms on their frames *)

Definition sound_on (A : scheme) (C : frame -> Prop) := forall F, C F -> forall a, A a -> stably_valid F a.

Lemma K_sound : sound_on K (fun _ => True).
Proof. intros F _ a []. Qed.

Lemma D_sound : sound_on ax_D serial.
Proof. intros F h _ [a] V _ w all no; destruct (h w) as [u wu]; exact (no u wu (all u wu)). Qed.

Lemma T_sound : sound_on ax_T reflexive.
Proof. intros F h _ [a] V _ w all; exact (all w (h w)). Qed.

Lemma B_sound : sound_on ax_B symmetric.
Proof. intros F h _ [a] V _ w x u wu no; exact (no w (h w u wu) x). Qed.

Lemma Four_sound : sound_on ax_4 transitive.
Proof. intros F h _ [a] V _ w all u wu x ux; exact (all x (h w u x wu ux)). Qed.

Lemma Five_sound : sound_on ax_5 euclidean.
Proof. intros F h _ [a] V _ w pos u wu no; apply pos; intros x wx; exact (no x (h w u x wu wx)). Qed.

Lemma both_sound : forall A B C D,
  sound_on A C -> sound_on B D -> sound_on (both A B) (fun F => C F /\ D F).
Proof. intros A B C D sa sb F [c d] a [h | h]; [exact (sa F c a h) | exact (sb F d a h)]. Qed.

Theorem K_soundness : forall F a, theorem K a -> stably_valid F a.
Proof. intro F; apply soundness, K_sound; exact I. Qed.

Theorem T_soundness : forall F, reflexive F -> forall a, theorem T a -> stably_valid F a.
Proof. intros F h; apply soundness, T_sound; exact h. Qed.

Theorem KTB_soundness : forall F, reflexive F -> symmetric F -> forall a, theorem KTB a -> stably_valid F a.
Proof. intros F r s; apply soundness, (both_sound _ _ _ _ T_sound B_sound); split; assumption. Qed.

Theorem S4_soundness : forall F, reflexive F -> transitive F -> forall a, theorem S4 a -> stably_valid F a.
Proof. intros F r t; apply soundness, (both_sound _ _ _ _ T_sound Four_sound); split; assumption. Qed.

Theorem S5_soundness : forall F, equivalence F -> forall a, theorem S5 a -> stably_valid F a.
Proof.
  intros F e; apply equivalence_iff_reflexive_euclidean in e.
  apply soundness, (both_sound _ _ _ _ T_sound Five_sound); exact e.
Qed.

(** ** Consistency: one world that sees itself *)

Definition point : frame := {| world := unit; sees := fun _ _ => True |}.

Lemma point_equivalence : equivalence point.
Proof. repeat split. Qed.

Theorem S5_consistency : ~ theorem S5 Falsum.
Proof.
  intro d; apply (S5_soundness point point_equivalence _ d (fun _ _ => True)); [intros n w _; exact I | exact tt].
Qed.

(** ** Without stability, soundness is a classical principle *)

Theorem unrestricted_soundness_iff_dne : (forall F a, theorem K a -> valid F a) <-> DNE.
Proof.
  split.
  - intros sound P; exact (sound point _ (th_dne K (Var 0)) (fun _ _ => P) tt).
  - intros dne F a d V; exact (K_soundness F a d V (fun n w => dne (V n w))).
Qed.
