(** * What the excluded middle adds

    The only file that assumes anything: the axiom [classic] of the standard library.  Each theorem is the classical
    form of a constructive one, to which it is linked, and rests on that axiom alone. *)

From Coq Require Import Classical_Prop.
From Logos Require Import Principles Modal Hilbert Systems Correspondence Soundness Completeness.
Local Open Scope modal_scope.

Theorem excluded_middle : LEM.
Proof. exact classic. Qed.

Theorem double_negation : DNE.
Proof. apply lem_iff_dne, excluded_middle. Qed.

Theorem drinker : Drinker.
Proof. apply lem_iff_drinker, excluded_middle. Qed.

(** The textbook correspondences, for the axioms that speak through a diamond. *)
Theorem D_is_serial : forall F, validates F D_scheme <-> serial F.
Proof.
  intro F; split; [apply D_classical_iff_dne, double_negation |].
  intro s; apply D_corresponds; intros w none; exact (none (s w)).
Qed.

Theorem B_is_symmetric : forall F, validates F B_scheme <-> symmetric F.
Proof.
  intro F; split; [apply B_classical_iff_dne, double_negation |].
  intro s; apply B_corresponds; intros w u wu no; exact (no (s w u wu)).
Qed.

Theorem Five_is_euclidean : forall F, validates F Five_scheme <-> euclidean F.
Proof.
  intro F; split; [apply Five_classical_iff_dne, double_negation |].
  intro e; apply Five_corresponds; intros w u v wu wv no; exact (no (e w u v wu wv)).
Qed.

Theorem K_soundness_all_valuations : forall F a, theorem K a -> valid F a.
Proof. apply unrestricted_soundness_iff_dne, double_negation. Qed.

Theorem K_completeness : forall a, (forall F, stably_valid F a) -> theorem K a.
Proof. intros a v; exact (double_negation _ (K_quasi_completeness a v)). Qed.

Theorem S4_completeness : forall a,
  (forall F, reflexive F -> transitive F -> stably_valid F a) -> theorem S4 a.
Proof. intros a v; exact (double_negation _ (S4_quasi_completeness a v)). Qed.

Theorem S5_completeness : forall a, (forall F, equivalence F -> stably_valid F a) <-> theorem S5 a.
Proof. intro a; exact (S5_completeness_of_stable a (double_negation (theorem S5 a))). Qed.

Theorem S5_strong_completeness : S5_strongly_complete.
Proof. apply S5_strong_completeness_iff_dne, double_negation. Qed.
