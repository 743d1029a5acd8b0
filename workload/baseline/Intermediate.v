(** * Logics between the intuitionistic and the classical

    Three schemes on top of intuitionistic logic: the weak excluded middle, Dummett's linearity, the excluded middle.
    Each is strictly weaker than the next.  Three finite models show it: a fork, a diamond and a chain. *)

From Coq Require Import List.
From Logos Require Import Formula NaturalDeduction IntuitionisticKripke Stability.
Import ListNotations.
Local Open Scope form_scope.

Definition excluded_middle a := a || !a.
Definition weak_excluded_middle a := !a || !!a.
Definition linearity a b := (a ==> b) || (b ==> a).

(** [scheme_in S G]: every hypothesis in [G] is an instance of the scheme. *)
Definition scheme_in (S : form -> Prop) (G : list form) := forall g, In g G -> S g.

Definition weak_instance g := exists a, g = weak_excluded_middle a.
Definition linear_instance g := exists a b, g = linearity a b.

(** ** Upward: each scheme yields the weaker one *)

Theorem linearity_yields_weak : forall G a,
  nd Intuitionistic G (linearity a (!a)) -> nd Intuitionistic G (weak_excluded_middle a).
Proof.
  intros G a d; apply (nd_or_e _ _ _ _ _ d).
  - apply nd_or_i1, nd_imp_i.
    apply (nd_imp_e _ _ a); [apply (nd_imp_e _ _ a); hyp | hyp].
  - apply nd_or_i2, nd_imp_i.
    apply (nd_imp_e _ _ a); [hyp | apply (nd_imp_e _ _ (!a)); hyp].
Qed.

Theorem excluded_middle_yields_linearity : forall G a b,
  nd Intuitionistic G (excluded_middle b) -> nd Intuitionistic G (linearity a b).
Proof.
  intros G a b d; apply (nd_or_e _ _ _ _ _ d).
  - apply nd_or_i1, nd_imp_i; hyp.
  - apply nd_or_i2, nd_imp_i, nd_exfalso; apply (nd_imp_e _ _ b); hyp.
Qed.

(** ** The fork: a root and two ends that disagree *)

Inductive fork := fork_root | fork_left | fork_right.

Definition fork_later (w u : fork) := w = fork_root \/ w = u.

Definition fork_frame : preorder.
Proof.
  refine {| state := fork; later := fork_later |}; unfold fork_later.
  - intro w; right; reflexivity.
  - intros u v w [e | e] [e' | e']; subst; auto.
Defined.

Definition at_left (n : nat) (w : state fork_frame) := w = fork_left.

Lemma at_left_persistent : persistent fork_frame at_left.
Proof. intros n w u [e | e] v; unfold at_left in *; subst; [discriminate v | reflexivity]. Qed.

Theorem weak_excluded_middle_underivable : forall n, ~ nd Intuitionistic [] (weak_excluded_middle (Atom n)).
Proof.
  intro n; apply (countermodel fork_frame at_left fork_root _ _ at_left_persistent); [intros g [] |].
  intros [f | f].
  - apply (f fork_left); [left |]; reflexivity.
  - apply (f fork_right); [left; reflexivity |].
    intros u [e | e] v; [discriminate e | unfold at_left in v; simpl in v; congruence].
Qed.

(** ** The diamond: the ends meet again *)

Inductive diamond := bottom | west | east | top.

Definition diamond_later (w u : diamond) := w = bottom \/ w = u \/ u = top.

Definition diamond_frame : preorder.
Proof.
  refine {| state := diamond; later := diamond_later |}; unfold diamond_later.
  - intro w; right; left; reflexivity.
  - intros u v w [e | [e | e]] [e' | [e' | e']]; subst; auto; discriminate.
Defined.

Definition apart (n : nat) (w : state diamond_frame) :=
  match n with
  | 0 => w = west \/ w = top
  | _ => w = east \/ w = top
  end.

Lemma apart_persistent : persistent diamond_frame apart.
Proof.
  intros [| n] w u [e | [e | e]] v; unfold apart in *; subst; auto; destruct v; discriminate.
Qed.

Lemma later_top : forall u, later diamond_frame top u -> u = top.
Proof. intros u [e | [e | e]]; [discriminate e | symmetry; exact e | exact e]. Qed.

Lemma top_decidable : forall a, decidable (forces diamond_frame apart top a).
Proof.
  intro a; induction a as [n | | b IHb c IHc | b IHb c IHc | b IHb c IHc]; simpl.
  - left; destruct n; right; reflexivity.
  - apply decidable_false.
  - apply (decidable_iff (forces diamond_frame apart top b -> forces diamond_frame apart top c)).
    + split; intros h; [intros u le; rewrite (later_top u le); exact h | apply h; right; right; reflexivity].
    + apply decidable_imp; assumption.
  - apply decidable_and; assumption.
  - apply decidable_or; assumption.
Qed.

(** Whatever holds at the top cannot be refuted below, and whatever fails there fails below. *)
Lemma diamond_weak : forall w a, forces diamond_frame apart w (weak_excluded_middle a).
Proof.
  assert (up : forall u, later diamond_frame u top) by (intro u; right; right; reflexivity).
  intros w a; destruct (top_decidable a) as [yes | no].
  - right; intros u _ f; exact (f top (up u) yes).
  - left; intros u _ f; exact (no (forces_persistent _ _ apart_persistent a u top (up u) f)).
Qed.

Theorem weak_does_not_yield_linearity : forall G,
  scheme_in weak_instance G -> ~ nd Intuitionistic G (linearity (Atom 0) (Atom 1)).
Proof.
  intros G h; apply (countermodel diamond_frame apart bottom _ _ apart_persistent).
  - intros g i; destruct (h g i) as [a e]; subst; apply diamond_weak.
  - intros [f | f].
    + destruct (f west (or_introl eq_refl) (or_introl eq_refl)); discriminate.
    + destruct (f east (or_introl eq_refl) (or_introl eq_refl)); discriminate.
Qed.

(** ** The chain: not yet, then for ever *)

Definition chain_later (w u : bool) := w = false \/ u = true.

Definition chain_frame : preorder.
Proof.
  refine {| state := bool; later := chain_later |}; unfold chain_later.
  - intros []; auto.
  - intros u v w [e | e] [e' | e']; subst; auto; discriminate.
Defined.

Definition at_end (n : nat) (w : state chain_frame) := w = true.

Lemma at_end_persistent : persistent chain_frame at_end.
Proof. intros n w u [e | e] v; unfold at_end in *; subst; [discriminate v | reflexivity]. Qed.

Lemma chain_decidable : forall a w, decidable (forces chain_frame at_end w a).
Proof.
  intro a; induction a as [n | | b IHb c IHc | b IHb c IHc | b IHb c IHc]; intro w; simpl.
  - apply decidable_bool.
  - apply decidable_false.
  - apply (decidable_iff (forall u, In u [false; true] -> later chain_frame w u ->
                            forces chain_frame at_end u b -> forces chain_frame at_end u c)).
    + split; intro h; intros u; [apply h; destruct u; simpl; tauto | intros _; apply h].
    + apply decidable_all; intro u; apply decidable_imp.
      * unfold later; simpl; unfold chain_later; apply decidable_or; apply decidable_bool.
      * apply decidable_imp; auto.
  - apply decidable_and; auto.
  - apply decidable_or; auto.
Qed.

Lemma chain_linear : forall a b, forces chain_frame at_end false (linearity a b).
Proof.
  assert (up : forall u, later chain_frame u true) by (intro u; right; reflexivity).
  intros a b.
  destruct (chain_decidable a false) as [a0 | a0]; destruct (chain_decidable b false) as [b0 | b0].
  1, 3: left; intros u _ _; apply (forces_persistent _ _ at_end_persistent b false u); [left; reflexivity | exact b0].
  - right; intros u _ _; apply (forces_persistent _ _ at_end_persistent a false u); [left; reflexivity | exact a0].
  - destruct (chain_decidable a true) as [a1 | a1].
    + right; intros [] _ f; [exact a1 | destruct (b0 f)].
    + left; intros [] _ f; [destruct (a1 f) | destruct (a0 f)].
Qed.

Theorem linearity_does_not_yield_excluded_middle : forall G,
  scheme_in linear_instance G -> forall n, ~ nd Intuitionistic G (excluded_middle (Atom n)).
Proof.
  intros G h n; apply (countermodel chain_frame at_end false _ _ at_end_persistent).
  - intros g i; destruct (h g i) as [a [b e]]; subst; apply chain_linear.
  - intros [f | f]; [discriminate f | apply (f true); [right |]; reflexivity].
Qed.

Theorem peirce_underivable : ~ nd Intuitionistic [] (((Atom 0 ==> Bot) ==> Atom 0) ==> Atom 0).
Proof.
  apply (countermodel chain_frame at_end false _ _ at_end_persistent); [intros g [] |].
  intro f; assert (h : at_end 0 false); [| discriminate h].
  apply (f false); [left; reflexivity |].
  intros [] _ no; [reflexivity | destruct (no true (or_introl eq_refl) eq_refl)].
Qed.
