(** * Modal formulas and their Kripke semantics *)

From Logos Require Import Stability.

Inductive modal : Type :=
| Var (n : nat)
| Falsum
| Implies (a b : modal)
| Box (a : modal).

Declare Scope modal_scope.
Bind Scope modal_scope with modal.
Notation "a ~> b" := (Implies a b) (at level 55, right associativity) : modal_scope.
Notation "□ a" := (Box a) (at level 35, right associativity) : modal_scope.
Notation "- a" := (Implies a Falsum) (at level 35, right associativity) : modal_scope.
Notation "◇ a" := (Implies (Box (Implies a Falsum)) Falsum) (at level 35, right associativity) : modal_scope.
Local Open Scope modal_scope.

Definition Conj (a b : modal) := - (a ~> - b).
Definition Disj (a b : modal) := - a ~> b.

Record frame := { world : Type; sees : world -> world -> Prop }.

Definition valuation (F : frame) := nat -> world F -> Prop.

Fixpoint sat (F : frame) (V : valuation F) (w : world F) (a : modal) : Prop :=
  match a with
  | Var n => V n w
  | Falsum => False
  | Implies b c => sat F V w b -> sat F V w c
  | Box b => forall u, sees F w u -> sat F V u b
  end.

(** Truth values are propositions, and a proposition need not be stable.  A valuation is, when each atom is. *)
Definition stable_valuation F (V : valuation F) := forall n w, stable (V n w).

(** Valid for every valuation, and for every stable one. *)
Definition valid F a := forall (V : valuation F) w, sat F V w a.
Definition stably_valid F a := forall V, stable_valuation F V -> forall w, sat F V w a.

(** The connectives keep stability, so it is enough to ask it of the atoms. *)
Theorem sat_stable : forall F V, stable_valuation F V -> forall a w, stable (sat F V w a).
Proof.
  intros F V s a; induction a as [n | | b _ c IHc | b IHb]; intro w; simpl.
  - apply s.
  - apply stable_false.
  - apply stable_imp, IHc.
  - apply stable_all; intro u; apply stable_imp, IHb.
Qed.

(** The possible, unfolded: not every world in sight refutes it. *)
Lemma sat_dia : forall F V w a,
  sat F V w (◇ a) <-> ~ ~ exists u, sees F w u /\ sat F V u a.
Proof.
  intros F V w a; simpl; split.
  - intros h none; apply h; intros u wu s; apply none; exists u; split; assumption.
  - intros nn all; apply nn; intros [u [wu s]]; exact (all u wu s).
Qed.

(** ** Classes of frames *)

Definition serial F := forall w, exists u, sees F w u.
Definition reflexive F := forall w, sees F w w.
Definition symmetric F := forall w u, sees F w u -> sees F u w.
Definition transitive F := forall u v w, sees F u v -> sees F v w -> sees F u w.
Definition euclidean F := forall w u v, sees F w u -> sees F w v -> sees F u v.
Definition equivalence F := reflexive F /\ symmetric F /\ transitive F.
Definition universal F := forall w u, sees F w u.

Theorem equivalence_iff_reflexive_euclidean : forall F, equivalence F <-> reflexive F /\ euclidean F.
Proof.
  intro F; split.
  - intros [r [s t]]; split; [exact r |]; intros w u v wu wv; exact (t u w v (s w u wu) wv).
  - intros [r e]; repeat split.
    + exact r.
    + intros w u wu; exact (e w u w wu (r w)).
    + intros u v w uv vw; exact (e v u w (e u v u uv (r u)) vw).
Qed.
