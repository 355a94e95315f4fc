(* What follows for the clauses, in binary32 and in binary64. Each theorem names its clause. *)

Require Import Reals Lra ZArith Lia.
From Flocq Require Import Core BinarySingleNaN.
From NNFS Require Import Chains Ieee.
Open Scope R_scope.

Section Claims.
Variable m : rounding.                               (* the runner puts in binary32 and binary64 *)
Variable A : Type.
Variable t : tree A.                                 (* one leaf for each class, sample or term, added in any order *)

(* Softmax: exponentials e, numbers of the format, none negative; their computed sum is above 0. *)
Variable e : A -> R.
Hypothesis e_good : every (fun a => number m (e a) /\ 0 <= e a) t.
Hypothesis sum_positive : 0 < sum m e t.

Theorem SOFTMAX_1_quotient : count t <= / u m ->
  Rabs (exact (quotient m A e t) t - 1) <= (count t + 4) * u m.
Proof.
  intros N. eapply Rle_trans; [apply quotients_add_up; assumption|].
  pose proof (u_positive m). apply Rmult_le_compat_r; lra.
Qed.

Theorem SOFTMAX_1_reciprocal : count t <= / u m -> every (fun a => e a <= 1) t ->
  Rabs (exact (by_reciprocal m A e t) t - 1) <= (count t + 4) * u m.
Proof. intros. apply reciprocals_add_up; assumption. Qed.

Theorem SOFTMAX_2_quotient : every (fun a => 0 <= quotient m A e t a <= 1) t.
Proof. apply quotients_are_probabilities; assumption. Qed.

Theorem SOFTMAX_4_quotient : every (fun a =>
  Rabs (quotient m A e t a - e a / exact e t)
    <= (count t + (count t - 1) * u m) * u m * (e a / exact e t) + h m) t.
Proof. apply quotient_error; assumption. Qed.

(* A shift without rounding leaves the exponents as they were. *)
Theorem SOFTMAX_5_shift : forall z top c, rnd m ((z + c) - (top + c)) = rnd m (z - top).
Proof. intros. f_equal. ring. Qed.

(* Neither the subtraction of the largest logit nor the division by the sum exchanges two entries. *)
Theorem SOFTMAX_7_order : forall x y top s, x <= y -> 0 < s ->
  rnd m (x - top) <= rnd m (y - top) /\ rnd m (x / s) <= rnd m (y / s).
Proof.
  intros x y top s L P. split; apply rnd_order; [lra|].
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, P|exact L].
Qed.

Theorem SOFTMAX_8_equal : count t <= / u m ->
  every (fun a => quotient m A (fun _ => 1) t a = rnd m (1 / count t)) t.
Proof. apply equal_shares. Qed.

(* The mean of N sample losses, each of them at least u^2; N up to half of 1/u. *)
Theorem LOSS_8_mean : forall loss : A -> R,
  every (fun a => number m (loss a) /\ u m * u m <= loss a) t -> 2 * count t <= / u m ->
  Rabs (rnd m (sum m loss t / count t) - exact loss t / count t) <= (count t + 2) * u m * (exact loss t / count t).
Proof. intros. apply mean_error; assumption. Qed.

Theorem ACC_2_share : forall k n, 0 <= k <= n -> 0 < n ->
  0 <= rnd m (k / n) <= 1 /\ (k = n -> rnd m (k / n) = 1) /\ (k = 0 -> rnd m (k / n) = 0).
Proof. apply count_over_count. Qed.

(* Dense: K products and one bias; K up to 1/u; 2h is the smallest subnormal. *)
Theorem DENSE_1_products : forall d, every (bias_held m) d ->
  count d <= exact is_product d + 1 -> exact is_product d <= / u m ->
  Rabs (sum m (rounded m) d - exact value d)
    <= (exact is_product d + 2) * u m * exact size d + exact is_product d * (2 * h m).
Proof. apply dot_error. Qed.

Theorem DENSE_1_fused : forall b l, number m b -> steps l * u m <= 1 ->
  Rabs (fused m b l - chain b l) <= (steps l + 2) * u m * chain_size b l + steps l * (2 * h m).
Proof.
  intros b l N B. eapply Rle_trans; [apply fused_error; assumption|].
  pose proof (u_positive m). pose proof (h_positive m). pose proof (steps_positive l).
  assert (0 <= chain_size b l) by (eapply Rle_trans; [apply Rabs_pos|apply chain_below_size]).
  apply Rplus_le_compat.
  - apply Rmult_le_compat_r; [assumption|]. apply Rmult_le_compat_r; lra.
  - rewrite Rmult_assoc. apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_r; lra.
Qed.

(* Several fused chains, at most q steps each, K in all, added in any order. *)
Theorem DENSE_1_blocks : forall (d : tree (R * list (R * R))) q K,
  every (fun a => number m (fst a)) d -> every (fun a => steps (snd a) <= q) d -> 0 <= q ->
  K = exact (fun a => steps (snd a)) d -> count d + q <= K + 2 ->
  (K + 2) * u m <= / 2 -> (K + 1) * (K + 1) * u m <= 4 ->
  Rabs (sum m (fun a => fused m (fst a) (snd a)) d - exact (fun a => chain (fst a) (snd a)) d)
    <= (K + 2) * u m * exact (fun a => chain_size (fst a) (snd a)) d + K * (2 * h m).
Proof. apply blocks_error. Qed.

Theorem DENSE_3_whole : forall d, every (fun a => exists z, value a = IZR z) d -> exact size d <= / u m ->
  sum m (rounded m) d = exact value d.
Proof. apply whole_dot. Qed.

Theorem DENSE_4_zero : forall d, every (zero_row m) d -> (biases d <= 1)%nat -> sum m (rounded m) d = exact value d.
Proof. intros d G B. apply (zero_dot m d G B). Qed.
End Claims.

(* Computed with the operations of IEEE 754 themselves, infinities and NaN included. *)
Theorem IEEE_sum_32 : forall d : tree (binary_float 24 128), is_finite (float_sum 24 128 d) = true ->
  Rabs (B2R (float_sum 24 128 d) - exact B2R d) <= (count d - 1) * / IZR (2 ^ 24) * exact (fun x => Rabs (B2R x)) d.
Proof.
  intros d F. rewrite <- binary32_unit, Rinv_inv. exact (float_sum_error 24 128 ltac:(lia) ltac:(lia) d F).
Qed.

Theorem IEEE_sum_64 : forall d : tree (binary_float 53 1024), is_finite (float_sum 53 1024 d) = true ->
  Rabs (B2R (float_sum 53 1024 d) - exact B2R d) <= (count d - 1) * / IZR (2 ^ 53) * exact (fun x => Rabs (B2R x)) d.
Proof.
  intros d F. rewrite <- binary64_unit, Rinv_inv. exact (float_sum_error 53 1024 ltac:(lia) ltac:(lia) d F).
Qed.
