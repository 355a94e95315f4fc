(* Rounding to nearest, ties to even, in binary32 and binary64 has the properties that Chains.v asks for.

   The formats have subnormals here and no largest number: what overflows is out of the theorems' reach. The section at
   the end joins them to Flocq's own operations on the numbers of IEEE 754, with infinities and NaN. There it is enough
   that the result is finite. *)

Require Import Reals Lra ZArith Lia Bool.
From Flocq Require Import Core Relative Plus_error BinarySingleNaN.
From NNFS Require Import Chains.
Open Scope R_scope.

Section Ieee.
Variables prec emin : Z.
Context {prec_positive : Prec_gt_0 prec}.
Hypothesis prec_enough : (4 <= prec)%Z.
Hypothesis emin_enough : (emin <= -3 * prec)%Z.

Notation format := (generic_format radix2 (FLT_exp emin prec)).
Notation nearest := (round radix2 (FLT_exp emin prec) ZnearestE).
Notation unit := (bpow radix2 (- prec)).
Notation half := (/ 2 * bpow radix2 emin).

Lemma unit_is : / 2 * bpow radix2 (- prec + 1) = unit.
Proof.
  replace (/ 2) with (bpow radix2 (-1)) by (simpl; lra). rewrite <- bpow_plus. f_equal. ring.
Qed.

Lemma unit_positive : 0 < unit.
Proof. apply bpow_gt_0. Qed.

Lemma unit_small : 16 * unit <= 1.
Proof.
  change 16 with (bpow radix2 4). rewrite <- bpow_plus. change 1 with (bpow radix2 0). apply bpow_le. lia.
Qed.

Lemma half_positive : 0 <= half.
Proof. pose proof (bpow_gt_0 radix2 emin). lra. Qed.

Lemma half_small : half <= unit * unit * unit.
Proof.
  rewrite <- !bpow_plus. pose proof (bpow_gt_0 radix2 emin).
  apply Rle_trans with (bpow radix2 emin); [lra|]. apply bpow_le. lia.
Qed.

Lemma nearest_number : forall x, format (nearest x).
Proof. intros. apply generic_format_round; typeclasses eauto. Qed.

Lemma nearest_same : forall x, format x -> nearest x = x.
Proof. intros. apply round_generic; [typeclasses eauto|assumption]. Qed.

Lemma nearest_order : forall x y, x <= y -> nearest x <= nearest y.
Proof. intros. apply round_le; [typeclasses eauto|typeclasses eauto|assumption]. Qed.

Lemma nearest_nearest : forall x y, format y -> Rabs (nearest x - x) <= Rabs (y - x).
Proof. intros x y F. apply (round_N_pt radix2 (FLT_exp emin prec) (fun z => negb (Z.even z)) x). exact F. Qed.

Lemma nearest_sum : forall x y, format x -> format y -> Rabs (nearest (x + y) - (x + y)) <= unit * Rabs (x + y).
Proof.
  intros x y Fx Fy.
  destruct (FLT_plus_error_N_ex radix2 emin prec (fun z => negb (Z.even z)) x y Fx Fy) as [e [B E]].
  pose proof (u_rod1pu_ro_le_u_ro radix2 prec) as V. unfold u_ro in *. rewrite unit_is in *.
  rewrite E. replace ((x + y) * (1 + e) - (x + y)) with (e * (x + y)) by ring. rewrite Rabs_mult.
  apply Rmult_le_compat_r; [apply Rabs_pos|lra].
Qed.

Lemma nearest_sum_result : forall x y, format x -> format y ->
  Rabs (nearest (x + y) - (x + y)) <= unit * Rabs (nearest (x + y)).
Proof.
  intros x y Fx Fy.
  destruct (FLT_plus_error_N_round_ex radix2 emin prec (fun z => negb (Z.even z)) x y Fx Fy) as [e [B E]].
  unfold u_ro in B. rewrite unit_is in B. set (r := nearest (x + y)) in *.
  replace (r - (x + y)) with (- e * r) by (rewrite E; ring). rewrite Rabs_mult, Rabs_Ropp.
  apply Rmult_le_compat_r; [apply Rabs_pos|exact B].
Qed.

Lemma nearest_any : forall x, Rabs (nearest x - x) <= unit * Rabs x + half.
Proof.
  intros x. destruct (error_N_FLT radix2 emin prec prec_positive (fun z => negb (Z.even z)) x) as [e [d [B [D [_ E]]]]].
  rewrite unit_is in B. rewrite E. replace (x * (1 + e) + d - x) with (e * x + d) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult.
  apply Rplus_le_compat; [apply Rmult_le_compat_r; [apply Rabs_pos|exact B]|exact D].
Qed.

Lemma whole_format : forall z, Rabs (IZR z) <= / unit -> format (IZR z).
Proof.
  intros z B. rewrite <- bpow_opp, Z.opp_involutive in B.
  destruct (Rle_lt_or_eq_dec _ _ B) as [L|E].
  - apply generic_format_FLT. apply FLT_spec with (Float radix2 z 0); simpl; [unfold F2R; simpl; ring| |lia].
    rewrite <- (IZR_Zpower radix2 prec) in L by lia. apply lt_IZR. rewrite abs_IZR. exact L.
  - assert (F : format (bpow radix2 prec)) by (apply generic_format_FLT_bpow; [exact prec_positive|lia]).
    unfold Rabs in E. destruct Rcase_abs; rewrite <- E in F; [|exact F].
    apply generic_format_opp in F. rewrite Ropp_involutive in F. exact F.
Qed.

Definition ieee : rounding := {|
  number := format; rnd := nearest; u := unit; h := half;
  u_positive := unit_positive; u_small := unit_small; h_positive := half_positive; h_small := half_small;
  rnd_number := nearest_number; rnd_same := nearest_same; rnd_order := nearest_order;
  rnd_nearest := nearest_nearest; rnd_sum := nearest_sum; rnd_sum_result := nearest_sum_result;
  rnd_any := nearest_any; whole_number := whole_format |}.
End Ieee.

#[export] Instance prec_24 : Prec_gt_0 24 := eq_refl.
#[export] Instance prec_53 : Prec_gt_0 53 := eq_refl.
#[export] Instance room_32 : Prec_lt_emax 24 128 := eq_refl.
#[export] Instance room_64 : Prec_lt_emax 53 1024 := eq_refl.

Definition binary32 : rounding := ieee 24 (-149) ltac:(lia) ltac:(lia).
Definition binary64 : rounding := ieee 53 (-1074) ltac:(lia) ltac:(lia).

(* What the letters are in the two formats. *)
Theorem binary32_rounds : forall x, rnd binary32 x = round radix2 (FLT_exp (-149) 24) ZnearestE x.
Proof. reflexivity. Qed.
Theorem binary64_rounds : forall x, rnd binary64 x = round radix2 (FLT_exp (-1074) 53) ZnearestE x.
Proof. reflexivity. Qed.
Theorem binary32_unit : / u binary32 = IZR (2 ^ 24).
Proof. change (u binary32) with (bpow radix2 (-24)). rewrite <- bpow_opp. reflexivity. Qed.
Theorem binary64_unit : / u binary64 = IZR (2 ^ 53).
Proof. change (u binary64) with (bpow radix2 (-53)). rewrite <- bpow_opp. reflexivity. Qed.
Theorem binary32_subnormal : 2 * h binary32 = bpow radix2 (-149).
Proof. change (h binary32) with (/ 2 * bpow radix2 (-149)). field. Qed.
Theorem binary64_subnormal : 2 * h binary64 = bpow radix2 (-1074).
Proof. change (h binary64) with (/ 2 * bpow radix2 (-1074)). field. Qed.

(* ---- The operations of IEEE 754 as Flocq defines them, on numbers that may be infinite or NaN ---- *)

Section Operations.
Variables prec emax : Z.
Context {prec_positive : Prec_gt_0 prec}.
Context {room : Prec_lt_emax prec emax}.
Hypothesis prec_enough : (4 <= prec)%Z.
Hypothesis emin_enough : (3 - emax - prec <= -3 * prec)%Z.

Notation float := (binary_float prec emax).
Notation format := (ieee prec (3 - emax - prec) prec_enough emin_enough).

Lemma float_number : forall x : float, number format (B2R x).
Proof. intros x. apply generic_format_B2R. Qed.

Lemma plus_finite : forall x y : float, is_finite (Bplus mode_NE x y) = true ->
  is_finite x = true /\ is_finite y = true /\ B2R (Bplus mode_NE x y) = rnd format (B2R x + B2R y).
Proof.
  intros x y F.
  assert (Fx : is_finite x = true) by (destruct x, y; simpl in *; try reflexivity; try discriminate; destruct s, s0; discriminate).
  assert (Fy : is_finite y = true) by (destruct x, y; simpl in *; try reflexivity; try discriminate; destruct s, s0; discriminate).
  split; [exact Fx|]. split; [exact Fy|].
  pose proof (Bplus_correct prec emax _ _ mode_NE x y Fx Fy) as C. destruct (Rlt_bool _ _) in C; [apply C|].
  destruct C as [C _]. exfalso. destruct (Bplus mode_NE x y); simpl in *; discriminate.
Qed.

(* A sum that is computed with Bplus, if it is finite, is the sum that Chains.v speaks of. *)
Fixpoint float_sum (t : tree float) : float :=
  match t with Leaf x => x | Node l r => Bplus mode_NE (float_sum l) (float_sum r) end.

Theorem float_sum_is_sum : forall t, is_finite (float_sum t) = true ->
  B2R (float_sum t) = sum format B2R t /\ every (fun x => is_finite x = true) t.
Proof.
  induction t as [x|l IHl r IHr]; simpl; intros F; [tauto|].
  destruct (plus_finite _ _ F) as [Fl [Fr E]]. destruct (IHl Fl) as [El Gl]. destruct (IHr Fr) as [Er Gr].
  rewrite E, El, Er. tauto.
Qed.

Theorem float_product : forall x y : float, is_finite (Bmult mode_NE x y) = true ->
  B2R (Bmult mode_NE x y) = rnd format (B2R x * B2R y).
Proof.
  intros x y F. pose proof (Bmult_correct prec emax _ _ mode_NE x y) as C. destruct (Rlt_bool _ _) in C; [apply C|].
  exfalso. destruct (Bmult mode_NE x y); simpl in *; discriminate.
Qed.

Theorem float_quotient : forall x y : float, B2R y <> 0 -> is_finite (Bdiv mode_NE x y) = true ->
  B2R (Bdiv mode_NE x y) = rnd format (B2R x / B2R y).
Proof.
  intros x y Z F. pose proof (Bdiv_correct prec emax _ _ mode_NE x y Z) as C. destruct (Rlt_bool _ _) in C; [apply C|].
  exfalso. destruct (Bdiv mode_NE x y); simpl in *; discriminate.
Qed.

Theorem float_fused : forall x y z : float, is_finite x = true -> is_finite y = true -> is_finite z = true ->
  is_finite (Bfma mode_NE x y z) = true -> B2R (Bfma mode_NE x y z) = rnd format (B2R x * B2R y + B2R z).
Proof.
  intros x y z Fx Fy Fz F. pose proof (Bfma_correct prec emax _ _ mode_NE x y z Fx Fy Fz) as C.
  cbv zeta in C. destruct (Rlt_bool _ _) in C; [apply C|].
  exfalso. destruct (Bfma mode_NE x y z); simpl in *; discriminate.
Qed.

Theorem float_sum_error : forall t, is_finite (float_sum t) = true ->
  Rabs (B2R (float_sum t) - exact B2R t) <= (count t - 1) * u format * exact (fun x => Rabs (B2R x)) t.
Proof.
  intros t F. destruct (float_sum_is_sum t F) as [E _]. rewrite E. apply sum_error.
  clear. induction t; simpl; [apply float_number|tauto].
Qed.
End Operations.
