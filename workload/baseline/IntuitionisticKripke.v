(** * Kripke models of intuitionistic logic *)

From Coq Require Import List.
From Logos Require Import Formula NaturalDeduction.
Import ListNotations.
Local Open Scope form_scope.

Record preorder := {
  state : Type;
  later : state -> state -> Prop;
  later_refl : forall w, later w w;
  later_trans : forall u v w, later u v -> later v w -> later u w
}.

Definition persistent (F : preorder) (V : nat -> state F -> Prop) :=
  forall n w u, later F w u -> V n w -> V n u.

Fixpoint forces (F : preorder) (V : nat -> state F -> Prop) (w : state F) (a : form) : Prop :=
  match a with
  | Atom n => V n w
  | Bot => False
  | Imp b c => forall u, later F w u -> forces F V u b -> forces F V u c
  | And b c => forces F V w b /\ forces F V w c
  | Or b c => forces F V w b \/ forces F V w c
  end.

Definition forces_all F V w G := forall g, In g G -> forces F V w g.

Theorem forces_persistent : forall F V, persistent F V ->
  forall a w u, later F w u -> forces F V w a -> forces F V u a.
Proof.
  intros F V per a; induction a; intros w u le f; simpl in *.
  - exact (per n w u le f).
  - exact f.
  - intros x ux; apply f; exact (later_trans F _ _ _ le ux).
  - destruct f; split; eauto.
  - destruct f; [left | right]; eauto.
Qed.

Theorem kripke_soundness : forall F V, persistent F V ->
  forall G a, nd Intuitionistic G a -> forall w, forces_all F V w G -> forces F V w a.
Proof.
  intros F V per G a d; remember Intuitionistic as L eqn:e.
  assert (under : forall b G w u, later F w u -> forces_all F V w G -> forces F V u b -> forces_all F V u (b :: G)).
  { intros b G' w u le h f g [q | i]; [subst; exact f | apply (forces_persistent F V per g w u le), h, i]. }
  induction d; intros w h.
  - exact (h a H).
  - destruct (IHd w h).
  - congruence.
  - intros u le f; exact (IHd u (under a G w u le h f)).
  - exact (IHd1 w h w (later_refl F w) (IHd2 w h)).
  - exact (conj (IHd1 w h) (IHd2 w h)).
  - exact (proj1 (IHd w h)).
  - exact (proj2 (IHd w h)).
  - left; exact (IHd w h).
  - right; exact (IHd w h).
  - pose proof (later_refl F w) as r.
    destruct (IHd1 w h) as [f | f]; [exact (IHd2 w (under a G w w r h f)) | exact (IHd3 w (under b G w w r h f))].
Qed.

(** The way to show that hypotheses do not yield a formula: one state of one model. *)
Corollary countermodel : forall F V w G a, persistent F V ->
  forces_all F V w G -> ~ forces F V w a -> ~ nd Intuitionistic G a.
Proof. intros F V w G a per h no d; exact (no (kripke_soundness F V per G a d w h)). Qed.
