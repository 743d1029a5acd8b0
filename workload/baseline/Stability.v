(** * Decidable and stable propositions

    The fragment on which classical reasoning is constructive: which connectives keep a proposition decidable,
    which keep it stable, and that the classical laws hold there without any axiom. *)

From Coq Require Import List PeanoNat.
From Logos Require Import Principles.

Definition decidable (P : Prop) := P \/ ~ P.
Definition stable (P : Prop) := ~ ~ P -> P.

Lemma decidable_stable : forall P, decidable P -> stable P.
Proof. intros P [p | n] nn; [exact p | destruct (nn n)]. Qed.

(** ** Closure of the decidable *)

Lemma decidable_false : decidable False.
Proof. right; intro f; exact f. Qed.

Lemma decidable_and : forall P Q, decidable P -> decidable Q -> decidable (P /\ Q).
Proof. unfold decidable; tauto. Qed.

Lemma decidable_or : forall P Q, decidable P -> decidable Q -> decidable (P \/ Q).
Proof. unfold decidable; tauto. Qed.

Lemma decidable_imp : forall P Q : Prop, decidable P -> decidable Q -> decidable (P -> Q).
Proof. unfold decidable; tauto. Qed.

Lemma decidable_iff : forall P Q : Prop, (P <-> Q) -> decidable P -> decidable Q.
Proof. unfold decidable; tauto. Qed.

Lemma decidable_bool : forall b c : bool, decidable (b = c).
Proof. intros [] []; [left | right | right | left]; congruence. Qed.

Lemma decidable_nat : forall m n : nat, decidable (m = n).
Proof. intros m n; destruct (Nat.eq_dec m n) as [e | e]; [left | right]; exact e. Qed.

Lemma decidable_all : forall (X : Type) (P : X -> Prop) l,
  (forall x, decidable (P x)) -> decidable (forall x, In x l -> P x).
Proof.
  intros X P l dec; induction l as [| x l IH].
  - left; intros y [].
  - apply (decidable_iff (P x /\ forall y, In y l -> P y)).
    + split.
      * intros [p all] y [e | h]; [subst; exact p | exact (all y h)].
      * intro all; split; [apply all; left; reflexivity | intros y h; apply all; right; exact h].
    + apply decidable_and; [apply dec | exact IH].
Qed.

Lemma decidable_some : forall (X : Type) (P : X -> Prop) l,
  (forall x, decidable (P x)) -> decidable (exists x, In x l /\ P x).
Proof.
  intros X P l dec; induction l as [| x l IH].
  - right; intros [y [[] _]].
  - apply (decidable_iff (P x \/ exists y, In y l /\ P y)).
    + split.
      * intros [p | [y [h p]]]; [exists x | exists y]; split; simpl; tauto.
      * intros [y [[e | h] p]]; [subst; left; exact p | right; exists y; tauto].
    + apply decidable_or; [apply dec | exact IH].
Qed.

(** A refuted universal over a list has a counterexample; over an infinite domain this is Markov's principle. *)
Theorem finite_counterexample : forall (X : Type) (P : X -> Prop) l,
  (forall x, decidable (P x)) -> ~ (forall x, In x l -> P x) -> exists x, In x l /\ ~ P x.
Proof.
  intros X P l dec no.
  destruct (decidable_some X (fun x => ~ P x) l) as [found | none].
  - intro x; apply decidable_imp; [apply dec | apply decidable_false].
  - exact found.
  - destruct no; intros x h; apply (decidable_stable _ (dec x)); intro n; apply none; exists x; tauto.
Qed.

(** ** Closure of the stable *)

Lemma stable_false : stable False.
Proof. intro nn; apply nn; intro f; exact f. Qed.

Lemma stable_imp : forall P Q : Prop, stable Q -> stable (P -> Q).
Proof. intros P Q s nn p; apply s; intro nq; apply nn; intro h; exact (nq (h p)). Qed.

Lemma stable_and : forall P Q : Prop, stable P -> stable Q -> stable (P /\ Q).
Proof. unfold stable; tauto. Qed.

Lemma stable_all : forall (X : Type) (P : X -> Prop), (forall x, stable (P x)) -> stable (forall x, P x).
Proof. intros X P s nn x; apply s; intro np; apply nn; intro h; exact (np (h x)). Qed.

(** Stability does not pass through [\/]: if it did, every negation would be decidable. *)
Theorem stable_or_iff_weak_lem : (forall P Q, stable P -> stable Q -> stable (P \/ Q)) <-> WeakLEM.
Proof.
  split.
  - intros closed P; apply closed.
    + apply stable_imp, stable_false.
    + apply stable_imp, stable_false.
    + apply not_not_lem.
  - intros wlem P Q sp sq nn; destruct (wlem P) as [n | nnp].
    + right; apply sq; intro nq; apply nn; intros [p | q]; [exact (n p) | exact (nq q)].
    + left; exact (sp nnp).
Qed.

(** ** The classical laws on the fragment *)

Theorem decidable_peirce : forall P Q : Prop, decidable P -> ((P -> Q) -> P) -> P.
Proof. unfold decidable; tauto. Qed.

Theorem decidable_de_morgan : forall P Q : Prop, decidable P -> ~ (P /\ Q) -> ~ P \/ ~ Q.
Proof. unfold decidable; tauto. Qed.

(** Case distinction is free while a stable goal is proved. *)
Theorem stable_cases : forall P Q : Prop, stable Q -> (P -> Q) -> (~ P -> Q) -> Q.
Proof. intros P Q s yes no; apply s; intro nq; apply nq, no; intro p; exact (nq (yes p)). Qed.
