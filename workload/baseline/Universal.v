(** * S5 speaks of universal frames

    The worlds that one world sees form a frame in which all see all, and no formula notices the cut. *)

From Logos Require Import Stability Modal Hilbert Systems Soundness.
Local Open Scope modal_scope.

Definition part (F : frame) (w : world F) : frame :=
  {| world := {u : world F | sees F w u}; sees := fun _ _ => True |}.

Definition part_valuation F w (V : valuation F) : valuation (part F w) := fun n u => V n (proj1_sig u).

Lemma part_universal : forall F w, universal (part F w).
Proof. intros F w u v; exact I. Qed.

Theorem part_invariant : forall F w V, equivalence F -> forall a (u : world (part F w)),
  sat (part F w) (part_valuation F w V) u a <-> sat F V (proj1_sig u) a.
Proof.
  intros F w V [_ [s t]] a; induction a as [n | | b IHb c IHc | b IHb]; intro u; simpl.
  - reflexivity.
  - reflexivity.
  - rewrite IHb, IHc; reflexivity.
  - split.
    + intros h v uv; apply (IHb (exist _ v (t _ _ _ (proj2_sig u) uv))), h; exact I.
    + intros h v _; apply IHb, h; apply (t _ w _); [apply s; exact (proj2_sig u) | exact (proj2_sig v)].
Qed.

Lemma universal_equivalence : forall F, universal F -> equivalence F.
Proof. intros F h; repeat split; repeat intro; apply h. Qed.

(** The two classes of frames have the same theory. *)
Theorem universal_iff_equivalence : forall a,
  (forall F, universal F -> stably_valid F a) <-> (forall F, equivalence F -> stably_valid F a).
Proof.
  intro a; split; intros h F c.
  - intros V s w; pose proof (proj1 c w) as ww.
    apply (part_invariant F w V c a (exist _ w ww)), h; [apply part_universal |].
    intros n u; apply s.
  - apply h, universal_equivalence; exact c.
Qed.
