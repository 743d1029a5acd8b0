(** * Goedel's translation: intuitionistic logic inside S4

    Read [□ a] as "[a] is provable", and each intuitionistic connective says what it means.  Derivations are translated
    step by step, with no axiom. *)

From Coq Require Import List.
From Logos Require Import Formula NaturalDeduction Modal Hilbert Systems.
Local Open Scope modal_scope.

Fixpoint translate (a : form) : modal :=
  match a with
  | Atom n => □ Var n
  | Bot => Falsum
  | Imp b c => □ (translate b ~> translate c)
  | And b c => Conj (translate b) (translate c)
  | Or b c => Disj (translate b) (translate c)
  end.

Definition translated (G : list form) : theory := fun x => exists g, In g G /\ x = translate g.

(** ** Conjunction and disjunction under hypotheses *)

Lemma en_conj : forall A G a b, entails A G a -> entails A G b -> entails A G (Conj a b).
Proof.
  intros A G a b da db; apply en_intro; apply (en_mp _ _ b); [| apply entails_add; exact db].
  apply (en_mp _ _ a); [given | apply entails_add; exact da].
Qed.

Lemma en_conj_l : forall A G a b, entails A G (Conj a b) -> entails A G a.
Proof.
  intros A G a b d; apply en_contradiction; apply (en_mp _ _ (a ~> - b)); [apply entails_add; exact d |].
  apply en_intro, en_exfalso; apply (en_mp _ _ a); given.
Qed.

Lemma en_conj_r : forall A G a b, entails A G (Conj a b) -> entails A G b.
Proof.
  intros A G a b d; apply en_contradiction; apply (en_mp _ _ (a ~> - b)); [apply entails_add; exact d |].
  apply en_intro; given.
Qed.

Lemma en_disj_l : forall A G a b, entails A G a -> entails A G (Disj a b).
Proof.
  intros A G a b d; apply en_intro, en_exfalso; apply (en_mp _ _ a); [given | apply entails_add; exact d].
Qed.

Lemma en_disj_r : forall A G a b, entails A G b -> entails A G (Disj a b).
Proof. intros A G a b d; apply en_intro, entails_add; exact d. Qed.

Lemma en_cases : forall A G a b c,
  entails A G (Disj a b) -> entails A (add G a) c -> entails A (add G b) c -> entails A G c.
Proof.
  intros A G a b c d da db; apply en_contradiction.
  assert (no_a : entails A (add G (- c)) (- a)).
  { apply en_intro; apply (en_mp _ _ c); [given |].
    apply (entails_mono _ (add G a)); [| exact da]; intros x [g | e]; [left; left | right]; assumption. }
  apply (en_mp _ _ c); [given |]; apply (en_mp _ _ b); [apply entails_add, en_intro; exact db |].
  apply (en_mp _ _ (- a)); [apply entails_add; exact d | exact no_a].
Qed.

(** ** Translated formulas persist: what is proved stays proved *)

Lemma S4_T : forall a, theorem S4 (□ a ~> a).
Proof. intro a; apply th_axiom; left; constructor. Qed.

Lemma S4_4 : forall a, theorem S4 (□ a ~> □ □ a).
Proof. intro a; apply th_axiom; right; constructor. Qed.

(** Necessitation reaches hypotheses that are themselves necessary. *)
Lemma en_necessary : forall A (G : theory) a,
  (forall g, G g -> entails A G (□ g)) -> entails A G a -> entails A G (□ a).
Proof. intros A G a h d; apply en_box, (entails_mono _ G); [exact h | exact d]. Qed.

Lemma persists_under : forall a b c, theorem S4 (a ~> □ a) -> theorem S4 (b ~> □ b) ->
  entails S4 (add (add empty a) b) c -> entails S4 (add (add empty a) b) (□ c).
Proof.
  intros a b c pa pb d; apply en_necessary; [| exact d].
  intros x [[[] | e] | e]; subst; [apply (en_mp _ _ a) | apply (en_mp _ _ b)];
    try given; apply en_theorem; assumption.
Qed.

Theorem translate_persists : forall a, theorem S4 (translate a ~> □ translate a).
Proof.
  intro a; induction a as [n | | b IHb c IHc | b IHb c IHc | b IHb c IHc]; simpl.
  - apply S4_4.
  - apply theorem_by_deduction, en_exfalso; given.
  - apply S4_4.
  - assert (d : theorem S4 (translate b ~> translate c ~> □ Conj (translate b) (translate c))).
    { apply theorem_by_deduction, en_intro, persists_under; [exact IHb | exact IHc | apply en_conj; given]. }
    apply theorem_by_deduction; apply (en_mp _ _ (translate c)).
    + apply (en_mp _ _ (translate b)); [apply en_theorem; exact d | apply (en_conj_l _ _ _ (translate c)); given].
    + apply (en_conj_r _ _ (translate b)); given.
  - apply theorem_by_deduction; apply (en_cases _ _ (translate b) (translate c)); [given | |].
    + apply (en_mp _ _ (□ translate b)); [apply en_theorem, th_box | apply (en_mp _ _ (translate b))].
      * apply theorem_by_deduction, en_disj_l; given.
      * apply en_theorem; exact IHb.
      * given.
    + apply (en_mp _ _ (□ translate c)); [apply en_theorem, th_box | apply (en_mp _ _ (translate c))].
      * apply theorem_by_deduction, en_disj_r; given.
      * apply en_theorem; exact IHc.
      * given.
Qed.

(** ** Derivations translate *)

Lemma translated_cons : forall a G, included (translated (a :: G)) (add (translated G) (translate a)).
Proof. intros a G x [g [[e | i] q]]; subst; [right; reflexivity | left; exists g; auto]. Qed.

Lemma translated_necessary : forall G a, entails S4 (translated G) a -> entails S4 (translated G) (□ a).
Proof.
  intros G a; apply en_necessary; intros x [g [i e]]; subst.
  apply (en_mp _ _ (translate g)); [apply en_theorem, translate_persists |].
  apply en_hyp; exists g; auto.
Qed.

Theorem goedel_translation : forall G a,
  nd Intuitionistic G a -> entails S4 (translated G) (translate a).
Proof.
  intros G a d; remember Intuitionistic as L eqn:e.
  assert (under : forall b c G, entails S4 (translated (b :: G)) c -> entails S4 (add (translated G) (translate b)) c).
  { intros b c G'; apply entails_mono, translated_cons. }
  induction d; simpl in *.
  - apply en_hyp; exists a; auto.
  - apply en_exfalso; assumption.
  - congruence.
  - apply translated_necessary, en_intro, under; assumption.
  - apply (en_mp _ _ (translate a)); [| assumption].
    apply (en_mp _ _ (□ (translate a ~> translate b))); [apply en_theorem, S4_T | assumption].
  - apply en_conj; assumption.
  - apply (en_conj_l _ _ _ (translate b)); assumption.
  - apply (en_conj_r _ _ (translate a)); assumption.
  - apply en_disj_l; assumption.
  - apply en_disj_r; assumption.
  - apply (en_cases _ _ (translate a) (translate b)); auto.
Qed.

(** S5 is too strong a host: it also proves the translated excluded middle. *)
Theorem S5_translated_excluded_middle : forall n,
  theorem S5 (translate (Or (Atom n) (Neg (Atom n)))).
Proof.
  intro n; simpl; unfold Disj.
  apply (th_compose _ _ (□ (- □ Var n))); [| apply theorem_identity].
  apply (th_compose _ _ (- ◇ □ Var n)); [apply th_contrapose, S5_dia_box |].
  apply (th_compose _ _ (- - □ (- □ Var n))); [apply theorem_identity | apply th_dne].
Qed.
