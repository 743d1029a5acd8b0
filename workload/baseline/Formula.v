(** * Propositional formulas *)

From Coq Require Import PeanoNat.

Inductive form : Type :=
| Atom (n : nat)
| Bot
| Imp (a b : form)
| And (a b : form)
| Or (a b : form).

Definition Neg (a : form) := Imp a Bot.

Declare Scope form_scope.
Bind Scope form_scope with form.
Notation "a ==> b" := (Imp a b) (at level 55, right associativity) : form_scope.
Notation "a && b" := (And a b) : form_scope.
Notation "a || b" := (Or a b) : form_scope.
Notation "! a" := (Neg a) (at level 35, right associativity) : form_scope.

Definition form_eq_dec : forall a b : form, {a = b} + {a <> b}.
Proof. decide equality; apply Nat.eq_dec. Defined.

(** Every atom of [a] is below [bound a]. *)
Fixpoint bound (a : form) : nat :=
  match a with
  | Atom n => S n
  | Bot => 0
  | Imp b c | And b c | Or b c => Nat.max (bound b) (bound c)
  end.
