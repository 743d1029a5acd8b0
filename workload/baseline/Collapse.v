(** * The collapse of modalities in S5

    A string of boxes and diamonds is worth its last letter. *)

From Coq Require Import List.
From Logos Require Import Modal Hilbert Systems.
Import ListNotations.
Local Open Scope modal_scope.

Inductive modality := Nec | Pos.

Definition apply1 (m : modality) (a : modal) : modal :=
  match m with
  | Nec => □ a
  | Pos => ◇ a
  end.

(** [prefix [m1; ...; mk] a] is [m1 (... (mk a))]. *)
Definition prefix (ms : list modality) (a : modal) : modal := fold_right apply1 a ms.

Lemma box_box : forall a, equivalent S5 (□ □ a) (□ a).
Proof. intro a; split; [apply S5_T | apply S5_4]. Qed.

Lemma dia_box : forall a, equivalent S5 (◇ □ a) (□ a).
Proof. intro a; split; [apply S5_dia_box | apply S5_dia]. Qed.

Lemma box_dia : forall a, equivalent S5 (□ ◇ a) (◇ a).
Proof. intro a; split; [apply S5_T | apply S5_5]. Qed.

Lemma dia_dia : forall a, equivalent S5 (◇ ◇ a) (◇ a).
Proof.
  intro a; apply equivalent_not.
  apply (equivalent_trans _ _ (□ □ (- a))); [apply equivalent_box, equivalent_not_not | apply box_box].
Qed.

Lemma absorb : forall m n a, equivalent S5 (apply1 m (apply1 n a)) (apply1 n a).
Proof. intros [|] [|] a; [apply box_box | apply box_dia | apply dia_box | apply dia_dia]. Qed.

Lemma equivalent_apply1 : forall m a b, equivalent S5 a b -> equivalent S5 (apply1 m a) (apply1 m b).
Proof. intros [|] a b e; [apply equivalent_box | apply equivalent_dia]; exact e. Qed.

Theorem modality_collapse : forall ms m a, equivalent S5 (prefix (ms ++ [m]) a) (apply1 m a).
Proof.
  intros ms m a; induction ms as [| n ms IH]; [apply equivalent_refl |].
  apply (equivalent_trans _ _ (apply1 n (apply1 m a))); [| apply absorb].
  apply equivalent_apply1; exact IH.
Qed.

(** The collapse orders what is left: the necessary, the true, the possible. *)
Theorem box_true_dia : forall a, theorem S5 (□ a ~> a) /\ theorem S5 (a ~> ◇ a).
Proof. intro a; split; [apply S5_T | apply S5_dia]. Qed.

(** A formula under a modality is settled: in S5 it is necessary or its negation is. *)
Theorem settled : forall m a, theorem S5 (Disj (□ (apply1 m a)) (□ (- apply1 m a))).
Proof.
  intros m a; unfold Disj; apply (th_compose _ _ (◇ (- apply1 m a))).
  - apply th_contrapose, th_box, th_dne.
  - destruct m; simpl.
    + apply (th_compose _ _ (□ ◇ (- a))).
      * apply (th_compose _ _ (◇ ◇ (- a))); [apply th_dia, th_contrapose, th_box, th_dne |].
        apply (th_compose _ _ (◇ (- a))); [apply dia_dia | apply S5_5].
      * apply th_box, th_contrapose, th_box, th_not_not.
    + apply (th_compose _ _ (◇ □ (- a))); [apply th_dia, th_dne |].
      apply (th_compose _ _ (□ (- a))); [apply S5_dia_box |].
      apply (th_compose _ _ (□ □ (- a))); [apply S5_4 | apply th_box, th_not_not].
Qed.
