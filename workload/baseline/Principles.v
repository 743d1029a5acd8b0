(** * Classical principles, compared over constructive logic

    Each principle is a proposition, never an axiom.  Nothing here is assumed: a theorem says which principle
    yields which.  [LEM], [DNE], [Peirce] and their like are one strength; [Dummett] is weaker, [WeakLEM] weaker
    still.  That the steps down are real is proved on the deep embedding, in [Intermediate]. *)

Definition LEM := forall P : Prop, P \/ ~ P.
Definition DNE := forall P : Prop, ~ ~ P -> P.
Definition Peirce := forall P Q : Prop, ((P -> Q) -> P) -> P.
Definition Mirabilis := forall P : Prop, (~ P -> P) -> P.
Definition MaterialImplication := forall P Q : Prop, (P -> Q) -> ~ P \/ Q.
Definition Contraposition := forall P Q : Prop, (~ Q -> ~ P) -> P -> Q.
Definition RefutedImplication := forall P Q : Prop, ~ (P -> Q) -> P /\ ~ Q.

Definition Dummett := forall P Q : Prop, (P -> Q) \/ (Q -> P).
Definition WeakLEM := forall P : Prop, ~ P \/ ~ ~ P.
Definition DeMorgan := forall P Q : Prop, ~ (P /\ Q) -> ~ P \/ ~ Q.

(** In every inhabited bar there is someone such that, if that one drinks, all drink. *)
Definition Drinker :=
  forall (X : Type) (x : X) (D : X -> Prop), exists d, D d -> forall y, D y.

(** A witness that exists under a premise can be named before the premise is known. *)
Definition IndependenceOfPremise :=
  forall (X : Type) (x : X) (P : Prop) (Q : X -> Prop), (P -> exists y, Q y) -> exists y, P -> Q y.

Definition DoubleNegationShift :=
  forall (X : Type) (P : X -> Prop), (forall x, ~ ~ P x) -> ~ ~ forall x, P x.

(** ** The full strength *)

Lemma not_not_lem : forall P : Prop, ~ ~ (P \/ ~ P).
Proof. intros P no; apply no; right; intro p; apply no; left; exact p. Qed.

Theorem lem_iff_dne : LEM <-> DNE.
Proof.
  split.
  - intros lem P nn; destruct (lem P) as [p | n]; [exact p | destruct (nn n)].
  - intros dne P; apply dne, not_not_lem.
Qed.

Theorem dne_iff_peirce : DNE <-> Peirce.
Proof.
  split.
  - intros dne P Q h; apply dne; intro n; apply n, h; intro p; destruct (n p).
  - intros peirce P nn; apply (peirce P False); intro n; destruct (nn n).
Qed.

Theorem dne_iff_mirabilis : DNE <-> Mirabilis.
Proof.
  split.
  - intros dne P h; apply dne; intro n; exact (n (h n)).
  - intros mir P nn; apply mir; intro n; destruct (nn n).
Qed.

Theorem lem_iff_material_implication : LEM <-> MaterialImplication.
Proof.
  split.
  - intros lem P Q h; destruct (lem P) as [p | n]; [right; exact (h p) | left; exact n].
  - intros mat P; destruct (mat P P (fun p => p)) as [n | p]; [right; exact n | left; exact p].
Qed.

Theorem dne_iff_contraposition : DNE <-> Contraposition.
Proof.
  split.
  - intros dne P Q h p; apply dne; intro n; exact (h n p).
  - intros con P nn; apply (con True P); [intros n _; exact (nn n) | exact I].
Qed.

Theorem dne_iff_refuted_implication : DNE <-> RefutedImplication.
Proof.
  split.
  - intros dne P Q no; split.
    + apply dne; intro np; apply no; intro p; destruct (np p).
    + intro q; apply no; intros _; exact q.
  - intros ref P nn; exact (proj1 (ref P False nn)).
Qed.

(** For a proposition [P] the bar is [option P]: everyone but [None] is a proof of [P], and only [None] drinks. *)
Theorem lem_iff_drinker : LEM <-> Drinker.
Proof.
  split.
  - intros lem X x D; destruct (lem (exists y, ~ D y)) as [[y sober] | none].
    + exists y; intro drinks; destruct (sober drinks).
    + exists x; intros _ y; apply (proj1 lem_iff_dne lem); intro sober; apply none; exists y; exact sober.
  - intros drinker P.
    destruct (drinker (option P) None (fun o => match o with None => True | Some _ => False end)) as [[p |] all].
    + left; exact p.
    + right; intro p; exact (all I (Some p)).
Qed.

Theorem lem_iff_independence_of_premise : LEM <-> IndependenceOfPremise.
Proof.
  split.
  - intros lem X x P Q h; destruct (lem P) as [p | n].
    + destruct (h p) as [y q]; exists y; intros _; exact q.
    + exists x; intro p; destruct (n p).
  - intros ip P.
    destruct (ip (option P) None P (fun o => o <> None)) as [[p |] h].
    + intro p; exists (Some p); discriminate.
    + left; exact p.
    + right; intro p; exact (h p eq_refl).
Qed.

(** ** Weaker principles *)

Theorem lem_dummett : LEM -> Dummett.
Proof.
  intros lem P Q; destruct (lem Q) as [q | n].
  - left; intros _; exact q.
  - right; intro q; destruct (n q).
Qed.

Theorem dummett_weak_lem : Dummett -> WeakLEM.
Proof.
  intros dummett P; destruct (dummett P (~ P)) as [h | h].
  - left; intro p; exact (h p p).
  - right; intro n; exact (n (h n)).
Qed.

Theorem weak_lem_iff_de_morgan : WeakLEM <-> DeMorgan.
Proof.
  split.
  - intros wlem P Q no; destruct (wlem P) as [n | nn].
    + left; exact n.
    + right; intro q; apply nn; intro p; exact (no (conj p q)).
  - intros dm P; apply dm; intros [p n]; exact (n p).
Qed.

(** The shift over all domains says no less and no more than that [LEM] cannot be refuted. *)
Theorem double_negation_shift_iff_not_not_lem : DoubleNegationShift <-> ~ ~ LEM.
Proof.
  split.
  - intro dns; exact (dns Prop (fun P => P \/ ~ P) not_not_lem).
  - intros nnlem X P h no; apply nnlem; intro lem; apply no; intro x.
    exact (proj1 lem_iff_dne lem (P x) (h x)).
Qed.
