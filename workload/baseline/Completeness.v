(** * Completeness, and how much of it is constructive

    Validity excludes that a formula is unprovable: this is constructive, for every system here.  To pass from there
    to a proof of the formula is double negation elimination for provability, and no more.  For arbitrary theories
    completeness is [DNE] itself. *)

From Logos Require Import Principles Stability Modal Hilbert Systems Soundness Universal Lindenbaum Canonical.
Local Open Scope modal_scope.

(** [a] holds in all models over the class [C] in which [G] holds. *)
Definition follows (C : frame -> Prop) (G : theory) (a : modal) :=
  forall F, C F -> forall V, stable_valuation F V -> forall w, (forall g, G g -> sat F V w g) -> sat F V w a.

Theorem model_existence : forall A G, consistent A G ->
  exists W : world (canonical A), forall g, G g -> sat (canonical A) (membership A) W g.
Proof.
  intros A G con; destruct (lindenbaum A G con) as [inc c].
  exists (exist _ _ c); intros g h; apply truth, inc; exact h.
Qed.

(** The core, with no principle beyond constructive logic. *)
Theorem quasi_completeness : forall A (C : frame -> Prop), C (canonical A) ->
  forall G a, follows C G a -> ~ ~ entails A G a.
Proof.
  intros A C can G a h no.
  assert (con : consistent A (add G (- a))) by (intro d; apply no, en_contradiction; exact d).
  destruct (model_existence A _ con) as [W s].
  apply (s (- a)); [right; reflexivity |].
  apply (h _ can _ (membership_stable A)); intros g i; apply s; left; exact i.
Qed.

Definition no_condition (F : frame) := True.

Theorem K_quasi_completeness : forall a, (forall F, stably_valid F a) -> ~ ~ theorem K a.
Proof.
  intros a v no; apply (quasi_completeness K no_condition I empty a).
  - intros F _ V s w _; exact (v F V s w).
  - intro d; apply no, entails_empty; exact d.
Qed.

Theorem T_quasi_completeness : forall a, (forall F, reflexive F -> stably_valid F a) -> ~ ~ theorem T a.
Proof.
  intros a v no; apply (quasi_completeness T reflexive) with (G := empty) (a := a).
  - apply canonical_reflexive; intro b; apply th_axiom; constructor.
  - intros F r V s w _; exact (v F r V s w).
  - intro d; apply no, entails_empty; exact d.
Qed.

Theorem S4_quasi_completeness : forall a,
  (forall F, reflexive F -> transitive F -> stably_valid F a) -> ~ ~ theorem S4 a.
Proof.
  intros a v no; apply (quasi_completeness S4 (fun F => reflexive F /\ transitive F)) with (G := empty) (a := a).
  - split; [apply canonical_reflexive; intro b; apply th_axiom; left; constructor |].
    apply canonical_transitive; intro b; apply th_axiom; right; constructor.
  - intros F [r t] V s w _; exact (v F r t V s w).
  - intro d; apply no, entails_empty; exact d.
Qed.

Theorem S5_quasi_completeness : forall a, (forall F, equivalence F -> stably_valid F a) -> ~ ~ theorem S5 a.
Proof.
  intros a v no; apply (quasi_completeness S5 equivalence canonical_S5 empty a).
  - intros F e V s w _; exact (v F e V s w).
  - intro d; apply no, entails_empty; exact d.
Qed.

(** ** From "not unprovable" to "provable" *)

(** Where provability is stable, in particular where it is decided, S5 is complete with no axiom. *)
Theorem S5_completeness_of_stable : forall a, stable (theorem S5 a) ->
  (forall F, equivalence F -> stably_valid F a) <-> theorem S5 a.
Proof.
  intros a s; split; [intro v; exact (s (S5_quasi_completeness a v)) |].
  intros d F e; exact (S5_soundness F e a d).
Qed.

Theorem S5_universal_completeness : DNE -> forall a,
  (forall F, universal F -> stably_valid F a) <-> theorem S5 a.
Proof.
  intros dne a; rewrite universal_iff_equivalence.
  exact (S5_completeness_of_stable a (dne (theorem S5 a))).
Qed.

(** Completeness for arbitrary theories is worth exactly [DNE]: a theory may hide a proposition. *)
Definition S5_strongly_complete := forall G a, follows equivalence G a -> entails S5 G a.

Theorem S5_strong_completeness_iff_dne : S5_strongly_complete <-> DNE.
Proof.
  split.
  - intros complete P nn.
    assert (d : entails S5 (fun x => x = Falsum /\ P) Falsum).
    { apply complete; intros F _ V _ w h; apply nn; intro p; exact (h Falsum (conj eq_refl p)). }
    assert (found : P \/ theorem S5 Falsum).
    { revert d; generalize Falsum at 2 3; intros b d.
      induction d as [x [_ p] | x t | x y _ [p | t] _ [q | u]]; try (left; assumption).
      - right; exact t.
      - right; exact (th_mp _ _ _ t u). }
    destruct found as [p | t]; [exact p | destruct (S5_consistency t)].
  - intros dne G a h; apply dne, (quasi_completeness S5 equivalence canonical_S5); exact h.
Qed.
