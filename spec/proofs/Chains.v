(* Rounding errors of sums, quotients, means and dot products of every length, added in every order.

   Everything here holds for any rounding that has the properties listed in the record below. Ieee.v shows that
   rounding to nearest has them in binary32 and binary64; Claims.v says what follows for the clauses. *)

Require Import Reals Lra ZArith Lia.
Open Scope R_scope.

Record rounding := {
  number : R -> Prop;                                          (* what the format holds *)
  rnd : R -> R;
  u : R;                                                       (* the unit roundoff *)
  h : R;                                                       (* half the smallest subnormal *)
  u_positive : 0 < u;
  u_small : 16 * u <= 1;
  h_positive : 0 <= h;
  h_small : h <= u * u * u;
  rnd_number : forall x, number (rnd x);
  rnd_same : forall x, number x -> rnd x = x;
  rnd_order : forall x y, x <= y -> rnd x <= rnd y;
  rnd_nearest : forall x y, number y -> Rabs (rnd x - x) <= Rabs (y - x);
  rnd_sum : forall x y, number x -> number y -> Rabs (rnd (x + y) - (x + y)) <= u * Rabs (x + y);
  rnd_sum_result : forall x y, number x -> number y -> Rabs (rnd (x + y) - (x + y)) <= u * Rabs (rnd (x + y));
  rnd_any : forall x, Rabs (rnd x - x) <= u * Rabs x + h;
  whole_number : forall z, Rabs (IZR z) <= / u -> number (IZR z)
}.

(* An order of summation is a tree: each node adds what its two branches gave. *)
Inductive tree (A : Type) := Leaf (a : A) | Node (l r : tree A).
Arguments Leaf {A}.
Arguments Node {A}.

Fixpoint every {A} (P : A -> Prop) (t : tree A) : Prop :=
  match t with Leaf a => P a | Node l r => every P l /\ every P r end.

(* The sum without rounding, of f over the leaves, and the number of leaves. *)
Fixpoint exact {A} (f : A -> R) (t : tree A) : R :=
  match t with Leaf a => f a | Node l r => exact f l + exact f r end.

Definition count {A} (t : tree A) : R := exact (fun _ => 1) t.

Lemma every_weaker : forall A (P Q : A -> Prop) t, (forall a, P a -> Q a) -> every P t -> every Q t.
Proof. induction t; simpl; intuition. Qed.

Lemma exact_order : forall A (f g : A -> R) t, every (fun a => f a <= g a) t -> exact f t <= exact g t.
Proof. induction t as [a|l IHl r IHr]; simpl; intros H; [exact H|]. destruct H. specialize (IHl H). specialize (IHr H0). lra. Qed.

Lemma exact_linear : forall A (f g : A -> R) (v w : R) t,
  exact (fun a => v * f a + w * g a) t = v * exact f t + w * exact g t.
Proof. induction t as [a|l IHl r IHr]; simpl; [reflexivity|]. rewrite IHl, IHr. ring. Qed.

Lemma count_positive : forall A (t : tree A), 1 <= count t.
Proof. induction t as [a|l IHl r IHr]; unfold count in *; simpl; lra. Qed.

Lemma exact_abs : forall A (f : A -> R) t, Rabs (exact f t) <= exact (fun a => Rabs (f a)) t.
Proof. induction t as [a|l IHl r IHr]; simpl; [lra|]. pose proof (Rabs_triang (exact f l) (exact f r)). lra. Qed.

Lemma exact_positive : forall A (f : A -> R) t, every (fun a => 0 <= f a) t -> 0 <= exact f t.
Proof. induction t as [a|l IHl r IHr]; simpl; intros H; [exact H|]. destruct H. specialize (IHl H). specialize (IHr H0). lra. Qed.

Section Chains.
Variable m : rounding.
Notation number := (number m).
Notation rnd := (rnd m).
Notation u := (u m).
Notation h := (h m).

Definition up := u_positive m.
Definition us := u_small m.
Definition hp := h_positive m.
Definition hs := h_small m.

Lemma zero_number : number 0.
Proof. apply (whole_number m 0). rewrite Rabs_R0. left. apply Rinv_0_lt_compat, up. Qed.

Lemma inverse_large : 16 <= / u.
Proof. apply Rmult_le_reg_r with u; [apply up|]. rewrite Rinv_l; [exact us|]. pose proof up. lra. Qed.

Lemma one_number : number 1.
Proof. apply (whole_number m 1). rewrite Rabs_R1. pose proof inverse_large. lra. Qed.

(* At most 1/u of them: what the clauses ask of K, N and C. *)
Lemma few : forall n, n <= / u -> n * u <= 1.
Proof. intros n H. pose proof up. replace 1 with (/ u * u) by (field; lra). apply Rmult_le_compat_r; lra. Qed.

(* The sum as it is computed: each addition is rounded. *)
Fixpoint sum {A} (f : A -> R) (t : tree A) : R :=
  match t with Leaf a => f a | Node l r => rnd (sum f l + sum f r) end.

Lemma sum_number : forall A (f : A -> R) t, every (fun a => number (f a)) t -> number (sum f t).
Proof. destruct t; simpl; intros; [assumption|apply rnd_number]. Qed.

(* ---- Numbers that are not negative: the error measured by the computed sum, without higher powers of u ---- *)

Lemma sum_keeps : forall A (f : A -> R) t, every (fun a => number (f a) /\ 0 <= f a) t ->
  number (sum f t) /\ 0 <= sum f t /\ every (fun a => f a <= sum f t) t.
Proof.
  induction t as [a|l IHl r IHr]; simpl; intros H; [intuition lra|].
  destruct H as [Hl Hr]. destruct (IHl Hl) as [Nl [Pl El]]. destruct (IHr Hr) as [Nr [Pr Er]].
  assert (Ll : sum f l <= rnd (sum f l + sum f r)) by (rewrite <- (rnd_same m _ Nl) at 1; apply rnd_order; lra).
  assert (Lr : sum f r <= rnd (sum f l + sum f r)) by (rewrite <- (rnd_same m _ Nr) at 1; apply rnd_order; lra).
  split; [apply rnd_number|]. split; [lra|].
  split; [apply every_weaker with (2 := El)|apply every_weaker with (2 := Er)]; intros; lra.
Qed.

Theorem sum_error_own : forall A (f : A -> R) t, every (fun a => number (f a) /\ 0 <= f a) t ->
  Rabs (sum f t - exact f t) <= (count t - 1) * u * sum f t.
Proof.
  induction t as [a|l IHl r IHr]; intros H.
  - unfold count; simpl. replace (f a - f a) with 0 by ring. rewrite Rabs_R0. lra.
  - destruct H as [Hl Hr]. specialize (IHl Hl). specialize (IHr Hr).
    destruct (sum_keeps _ f l Hl) as [Nl [Pl _]]. destruct (sum_keeps _ f r Hr) as [Nr [Pr _]].
    pose proof (count_positive _ l) as Cl. pose proof (count_positive _ r) as Cr.
    unfold count in *; simpl in *. set (nl := exact (fun _ => 1) l) in *. set (nr := exact (fun _ => 1) r) in *.
    set (sl := sum f l) in *. set (sr := sum f r) in *.
    assert (Ll : sl <= rnd (sl + sr)) by (rewrite <- (rnd_same m _ Nl) at 1; apply rnd_order; lra).
    assert (Lr : sr <= rnd (sl + sr)) by (rewrite <- (rnd_same m _ Nr) at 1; apply rnd_order; lra).
    pose proof (rnd_sum_result m sl sr Nl Nr) as E. rewrite (Rabs_pos_eq (rnd (sl + sr))) in E by lra.
    set (s := rnd (sl + sr)) in *.
    assert ((nl - 1) * u * sl <= (nl - 1) * u * s) by (pose proof up; apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra).
    assert ((nr - 1) * u * sr <= (nr - 1) * u * s) by (pose proof up; apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra).
    replace (s - (exact f l + exact f r)) with ((s - (sl + sr)) + ((sl - exact f l) + (sr - exact f r))) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_l, Rabs_triang|]. lra.
Qed.

(* ---- Numbers of any sign: the error measured by the sum of magnitudes (Jeannerod and Rump, 2013) ---- *)

Theorem sum_error : forall A (f : A -> R) t, every (fun a => number (f a)) t ->
  Rabs (sum f t - exact f t) <= (count t - 1) * u * exact (fun a => Rabs (f a)) t.
Proof.
  induction t as [a|l IHl r IHr]; intros H.
  - unfold count; simpl. replace (f a - f a) with 0 by ring. rewrite Rabs_R0. lra.
  - destruct H as [Hl Hr]. specialize (IHl Hl). specialize (IHr Hr).
    pose proof (sum_number _ f l Hl) as Nl. pose proof (sum_number _ f r Hr) as Nr.
    pose proof (count_positive _ l) as Cl. pose proof (count_positive _ r) as Cr.
    pose proof (exact_abs _ f l) as Al. pose proof (exact_abs _ f r) as Ar.
    unfold count in *; simpl in *. set (nl := exact (fun _ => 1) l) in *. set (nr := exact (fun _ => 1) r) in *.
    set (sl := sum f l) in *. set (sr := sum f r) in *.
    set (Tl := exact (fun a => Rabs (f a)) l) in *. set (Tr := exact (fun a => Rabs (f a)) r) in *.
    pose proof (rnd_sum m sl sr Nl Nr) as E.
    pose proof (rnd_nearest m (sl + sr) sl Nl) as Er. pose proof (rnd_nearest m (sl + sr) sr Nr) as El.
    replace (sl - (sl + sr)) with (- sr) in Er by ring. replace (sr - (sl + sr)) with (- sl) in El by ring.
    rewrite Rabs_Ropp in El, Er.
    assert (Sl : Rabs sl <= Tl + (nl - 1) * u * Tl).
    { replace sl with (exact f l + (sl - exact f l)) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra. }
    assert (Sr : Rabs sr <= Tr + (nr - 1) * u * Tr).
    { replace sr with (exact f r + (sr - exact f r)) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra. }
    assert (Pl : 0 <= Tl) by (apply Rle_trans with (1 := Rabs_pos _) (2 := Al)).
    assert (Pr : 0 <= Tr) by (apply Rle_trans with (1 := Rabs_pos _) (2 := Ar)).
    pose proof up as U. pose proof us as V.
    assert (D : Rabs (rnd (sl + sr) - (sl + sr)) <= u * (nr * Tl + nl * Tr)).
    { destruct (Rle_or_lt Tr (u * Tl)) as [C1|C1]; [|destruct (Rle_or_lt Tl (u * Tr)) as [C2|C2]].
      - assert (Tr <= Tl) by nra. assert (0 <= (nr - 1) * u) by (apply Rmult_le_pos; lra).
        assert ((nr - 1) * u * Tr <= (nr - 1) * u * Tl) by (apply Rmult_le_compat_l; lra).
        assert (0 <= u * (nl * Tr)) by (apply Rmult_le_pos; [lra|apply Rmult_le_pos; lra]). lra.
      - assert (Tl <= Tr) by nra. assert (0 <= (nl - 1) * u) by (apply Rmult_le_pos; lra).
        assert ((nl - 1) * u * Tl <= (nl - 1) * u * Tr) by (apply Rmult_le_compat_l; lra).
        assert (0 <= u * (nr * Tl)) by (apply Rmult_le_pos; [lra|apply Rmult_le_pos; lra]). lra.
      - assert ((nl - 1) * (u * Tl) <= (nl - 1) * Tr) by (apply Rmult_le_compat_l; lra).
        assert ((nr - 1) * (u * Tr) <= (nr - 1) * Tl) by (apply Rmult_le_compat_l; lra).
        apply Rle_trans with (1 := E). apply Rmult_le_compat_l; [lra|].
        eapply Rle_trans; [apply Rabs_triang|]. lra. }
    replace (rnd (sl + sr) - (exact f l + exact f r))
      with ((rnd (sl + sr) - (sl + sr)) + ((sl - exact f l) + (sr - exact f r))) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_l, Rabs_triang|]. lra.
Qed.

(* ---- Leaves that are off themselves: by k u times a magnitude, and by an underflow w ---- *)

Theorem sum_error_leaves : forall A (f g size w : A -> R) (k : R) t, 0 <= k ->
  every (fun a => number (f a)) t ->
  every (fun a => Rabs (g a) <= size a) t ->
  every (fun a => Rabs (f a - g a) <= k * u * size a + w a) t ->
  Rabs (sum f t - exact g t) <=
    (k + (count t - 1) * (1 + k * u)) * u * exact size t + (1 + (count t - 1) * u) * exact w t.
Proof.
  intros A f g size w k t Pk Hn Hg Hf. pose proof up as U. pose proof (count_positive _ t) as C.
  pose proof (sum_error A f t Hn) as S.
  assert (F : exact (fun a => Rabs (f a)) t <= (1 + k * u) * exact size t + 1 * exact w t).
  { rewrite <- exact_linear. apply exact_order. clear S C Hn. induction t as [a|l IHl r IHr]; simpl in *.
    - replace (f a) with (g a + (f a - g a)) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra.
    - tauto. }
  assert (G : Rabs (exact f t - exact g t) <= k * u * exact size t + 1 * exact w t).
  { clear S C Hn F Hg. induction t as [a|l IHl r IHr]; simpl in *; [lra|].
    destruct Hf as [Hl Hr]. specialize (IHl Hl). specialize (IHr Hr).
    replace (exact f l + exact f r - (exact g l + exact g r))
      with ((exact f l - exact g l) + (exact f r - exact g r)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. lra. }
  assert (M : (count t - 1) * u * exact (fun a => Rabs (f a)) t
              <= (count t - 1) * u * ((1 + k * u) * exact size t + 1 * exact w t))
    by (apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra).
  replace (sum f t - exact g t) with ((sum f t - exact f t) + (exact f t - exact g t)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(* ---- Whole numbers whose magnitudes add up to at most 1/u: no order rounds anything ---- *)

Theorem whole_sum : forall A (f : A -> R) t, every (fun a => exists z, f a = IZR z) t ->
  exact (fun a => Rabs (f a)) t <= / u -> sum f t = exact f t /\ exists z, exact f t = IZR z.
Proof.
  induction t as [a|l IHl r IHr]; simpl; intros H B; [tauto|]. destruct H as [Hl Hr].
  pose proof (exact_abs _ f l) as Al. pose proof (exact_abs _ f r) as Ar.
  assert (Pl := Rabs_pos (exact f l)). assert (Pr := Rabs_pos (exact f r)).
  destruct (IHl Hl) as [El [zl Zl]]; [lra|]. destruct (IHr Hr) as [Er [zr Zr]]; [lra|].
  rewrite El, Er. assert (Z : exact f l + exact f r = IZR (zl + zr)) by (rewrite plus_IZR; lra).
  split; [|exists (zl + zr)%Z; exact Z].
  apply rnd_same. rewrite Z. apply whole_number. rewrite <- Z.
  pose proof (Rabs_triang (exact f l) (exact f r)). lra.
Qed.

(* ---- Softmax: exponentials over their sum ---- *)

Section Softmax.
Variable A : Type.
Variable e : A -> R.                                           (* the exponentials, as they were computed *)
Variable t : tree A.
Hypothesis e_good : every (fun a => number (e a) /\ 0 <= e a) t.
Hypothesis s_positive : 0 < sum e t.
Notation S := (sum e t).
Notation n := (count t).

Lemma share_of_sum : Rabs (exact e t / S - 1) <= (n - 1) * u.
Proof.
  pose proof (sum_error_own A e t e_good) as E. rewrite Rabs_minus_sym in E.
  replace (exact e t / S - 1) with ((exact e t - S) * / S) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ S)) by (left; apply Rinv_0_lt_compat; lra).
  apply Rmult_le_reg_r with S; [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(* Entries that are within v of their quotients, and w besides, add up to nearly 1. *)
Lemma row : forall (p : A -> R) v w, 0 <= v -> every (fun a => Rabs (p a - e a / S) <= v * (e a / S) + w) t ->
  Rabs (exact p t - 1) <= (n - 1) * u + v * (1 + (n - 1) * u) + n * w.
Proof.
  intros p v w Pv H. pose proof share_of_sum as Q.
  assert (G : Rabs (exact p t - exact e t / S) <= v * (exact e t / S) + n * w).
  { clear Q. unfold count. revert H. generalize S. intros s H. clear e_good s_positive.
    induction t as [a|l IHl r IHr]; simpl in *; [lra|].
    destruct H as [Hl Hr]. specialize (IHl Hl). specialize (IHr Hr).
    replace (exact p l + exact p r - (exact e l + exact e r) / s)
      with ((exact p l - exact e l / s) + (exact p r - exact e r / s)) by (unfold Rdiv; ring).
    eapply Rle_trans; [apply Rabs_triang|]. unfold Rdiv in *. lra. }
  assert (B : exact e t / S <= 1 + (n - 1) * u) by (unfold Rabs in Q; destruct Rcase_abs in Q; lra).
  assert (v * (exact e t / S) <= v * (1 + (n - 1) * u)) by (apply Rmult_le_compat_l; lra).
  replace (exact p t - 1) with ((exact p t - exact e t / S) + (exact e t / S - 1)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Definition quotient (a : A) : R := rnd (e a / S).

Theorem quotients_add_up : n <= / u -> Rabs (exact quotient t - 1) <= (n + 2) * u.
Proof.
  intros N. pose proof up. pose proof (few n N). pose proof us. pose proof hs. pose proof (count_positive _ t).
  assert (n * h <= u) by (apply Rle_trans with (n * (u * u * u)); [apply Rmult_le_compat_l; lra|nra]).
  eapply Rle_trans; [apply (row quotient u h); [lra|]|nra].
  apply every_weaker with (2 := e_good). intros a [_ P]. unfold quotient.
  pose proof (rnd_any m (e a / S)) as E.
  rewrite (Rabs_pos_eq (e a / S)) in E; [exact E|].
  apply Rmult_le_pos; [exact P|left; apply Rinv_0_lt_compat, s_positive].
Qed.

(* The other usual form: the reciprocal of the sum is taken once, and every exponential is at most 1. *)
Definition by_reciprocal (a : A) : R := rnd (e a * rnd (/ S)).

Theorem reciprocals_add_up : n <= / u -> every (fun a => e a <= 1) t ->
  Rabs (exact by_reciprocal t - 1) <= (n + 4) * u.
Proof.
  intros N L. pose proof up. pose proof (few n N). pose proof us. pose proof hs. pose proof hp.
  pose proof (count_positive _ t).
  assert (n * h <= u * u) by (apply Rle_trans with (n * (u * u * u)); [apply Rmult_le_compat_l; lra|nra]).
  eapply Rle_trans; [apply (row by_reciprocal (2 * u + u * u) (3 * h)); [nra|]|nra].
  assert (Both : every (fun a => (number (e a) /\ 0 <= e a) /\ e a <= 1) t).
  { clear - e_good L. induction t; simpl in *; tauto. }
  apply every_weaker with (2 := Both). intros a [[_ P] O]. unfold by_reciprocal.
  assert (I : 0 < / S) by (apply Rinv_0_lt_compat, s_positive).
  pose proof (rnd_any m (/ S)) as E1. rewrite (Rabs_pos_eq (/ S)) in E1 by lra.
  set (r := rnd (/ S)) in *. set (i := / S) in *.
  assert (R0 : 0 <= r) by (unfold r; rewrite <- (rnd_same m 0 zero_number); apply rnd_order; fold i; lra).
  pose proof (rnd_any m (e a * r)) as E2. rewrite (Rabs_pos_eq (e a * r)) in E2 by (apply Rmult_le_pos; lra).
  assert (R1 : r <= i + (u * i + h)) by (unfold Rabs in E1; destruct Rcase_abs in E1; lra).
  assert (e a * Rabs (r - i) <= e a * (u * i + h)) by (apply Rmult_le_compat_l; lra).
  assert (u * (e a * r) <= u * (e a * (i + (u * i + h))))
    by (apply Rmult_le_compat_l; [lra|]; apply Rmult_le_compat_l; lra).
  assert (e a * h <= h) by (rewrite <- (Rmult_1_l h) at 2; apply Rmult_le_compat_r; lra).
  assert (u * (e a * h) <= h) by (apply Rle_trans with (1 * (e a * h)); [apply Rmult_le_compat_r; nra|lra]).
  replace (rnd (e a * r) - e a / S) with ((rnd (e a * r) - e a * r) + e a * (r - i)) by (unfold i, Rdiv; ring).
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, (Rabs_pos_eq (e a)) by lra.
  unfold Rdiv. fold i. nra.
Qed.

Lemma rnd_share : forall x, 0 <= x <= 1 -> 0 <= rnd x <= 1.
Proof.
  intros x [P O]. split.
  - rewrite <- (rnd_same m 0 zero_number). apply rnd_order, P.
  - rewrite <- (rnd_same m 1 one_number). apply rnd_order, O.
Qed.

Theorem quotients_are_probabilities : every (fun a => 0 <= quotient a <= 1) t.
Proof.
  destruct (sum_keeps A e t e_good) as [_ [_ L]].
  assert (Both : every (fun a => (number (e a) /\ 0 <= e a) /\ e a <= S) t).
  { revert L. generalize S. intros s L. clear - e_good L. induction t; simpl in *; tauto. }
  apply every_weaker with (2 := Both). intros a [[_ P] B]. apply rnd_share. split.
  - apply Rmult_le_pos; [exact P|left; apply Rinv_0_lt_compat, s_positive].
  - apply Rmult_le_reg_r with S; [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

(* From the quotient of the same exponentials without any rounding. *)
Theorem quotient_error : every (fun a =>
  Rabs (quotient a - e a / exact e t) <= (n + (n - 1) * u) * u * (e a / exact e t) + h) t.
Proof.
  pose proof share_of_sum as Q. pose proof up as U. pose proof (count_positive _ t) as N.
  destruct (sum_keeps A e t e_good) as [_ [_ L]].
  assert (E0 : 0 < exact e t).
  { assert (0 <= exact e t) by (apply exact_positive, every_weaker with (2 := e_good); tauto).
    destruct (Req_dec (exact e t) 0) as [Z|]; [exfalso|lra].
    assert (every (fun a => e a = 0) t).
    { clear - e_good Z. induction t as [a|l IHl r IHr]; simpl in *; [exact Z|]. destruct e_good as [Hl Hr].
      assert (0 <= exact e l) by (apply exact_positive, every_weaker with (2 := Hl); tauto).
      assert (0 <= exact e r) by (apply exact_positive, every_weaker with (2 := Hr); tauto).
      split; [apply IHl|apply IHr]; try assumption; lra. }
    assert (sum e t = 0).
    { clear - H0. induction t as [a|l IHl r IHr]; simpl in *; [exact H0|]. destruct H0 as [Hl Hr].
      rewrite (IHl Hl), (IHr Hr), Rplus_0_r. apply rnd_same, zero_number. }
    lra. }
  apply every_weaker with (2 := e_good). intros a [_ P]. unfold quotient.
  pose proof (rnd_any m (e a / S)) as E.
  assert (Pq : 0 <= e a / S) by (apply Rmult_le_pos; [exact P|left; apply Rinv_0_lt_compat, s_positive]).
  rewrite (Rabs_pos_eq _ Pq) in E.
  set (q := e a / exact e t) in *.
  assert (Q0 : 0 <= q) by (apply Rmult_le_pos; [exact P|left; apply Rinv_0_lt_compat, E0]).
  assert (T : e a / S = q + q * (exact e t / S - 1)) by (unfold q; field; lra).
  assert (D : Rabs (e a / S - q) <= q * ((n - 1) * u)).
  { rewrite T. replace (q + q * (exact e t / S - 1) - q) with (q * (exact e t / S - 1)) by ring.
    rewrite Rabs_mult, (Rabs_pos_eq _ Q0). apply Rmult_le_compat_l; assumption. }
  assert (B : e a / S <= q + q * ((n - 1) * u)) by (unfold Rabs in D; destruct Rcase_abs in D; lra).
  assert (u * (e a / S) <= u * (q + q * ((n - 1) * u))) by (apply Rmult_le_compat_l; lra).
  replace (rnd (e a / S) - q) with ((rnd (e a / S) - e a / S) + (e a / S - q)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.
End Softmax.

(* Equal logits: all exponentials are 1, and the quotient is 1/C rounded once. *)
Theorem equal_shares : forall A (t : tree A), count t <= / u ->
  every (fun a => quotient A (fun _ => 1) t a = rnd (1 / count t)) t.
Proof.
  intros A t N.
  assert (W : sum (fun _ => 1) t = count t).
  { apply (whole_sum A (fun _ => 1) t).
    - clear. induction t; simpl; [exists 1%Z; reflexivity|tauto].
    - rewrite Rabs_R1. exact N. }
  unfold quotient. rewrite W. clear. generalize (count t). intros c. induction t; simpl; tauto.
Qed.

(* ---- The mean of losses, of which none is below u^2 ---- *)

Section Mean.
Variable A : Type.
Variable loss : A -> R.
Variable t : tree A.
Hypothesis loss_good : every (fun a => number (loss a) /\ u * u <= loss a) t.
Hypothesis n_small : 2 * count t <= / u.
Notation n := (count t).
Notation mean := (exact loss t / n).

Lemma mean_at_least : u * u <= mean.
Proof.
  pose proof (count_positive _ t) as N.
  assert (u * u * n <= exact loss t).
  { unfold count. clear N n_small. induction t as [a|l IHl r IHr]; simpl in *; [lra|]. destruct loss_good as [Hl Hr].
    specialize (IHl Hl). specialize (IHr Hr). lra. }
  apply Rmult_le_reg_r with n; [lra|]. replace (mean * n) with (exact loss t) by (field; lra). assumption.
Qed.

Lemma sum_over_count : Rabs (sum loss t / n - mean) <= (n - 1) * u * mean.
Proof.
  pose proof (count_positive _ t) as N. pose proof up.
  assert (G : every (fun a => number (loss a)) t) by (apply every_weaker with (2 := loss_good); tauto).
  pose proof (sum_error A loss t G) as E.
  assert (M : exact (fun a => Rabs (loss a)) t <= exact loss t).
  { apply exact_order. apply every_weaker with (2 := loss_good). intros a [_ P]. rewrite Rabs_pos_eq; nra. }
  assert ((n - 1) * u * exact (fun a => Rabs (loss a)) t <= (n - 1) * u * exact loss t)
    by (apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra).
  assert (I : 0 < / n) by (apply Rinv_0_lt_compat; lra).
  replace (sum loss t / n - mean) with ((sum loss t - exact loss t) * / n) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ n)) by lra.
  replace ((n - 1) * u * mean) with ((n - 1) * u * exact loss t * / n) by (field; lra).
  apply Rmult_le_compat_r; lra.
Qed.

Theorem mean_error : Rabs (rnd (sum loss t / n) - mean) <= (n + 2) * u * mean.
Proof.
  pose proof mean_at_least as L. pose proof sum_over_count as D. pose proof (count_positive _ t) as N.
  pose proof up. pose proof us. pose proof hs. pose proof (few (2 * n) n_small).
  assert (P : 0 < mean).
  { apply Rlt_le_trans with (2 := L). apply Rmult_lt_0_compat; apply up. }
  assert (H3 : h <= u * mean).
  { apply Rle_trans with (1 := hs). replace (u * u * u) with (u * (u * u)) by ring. apply Rmult_le_compat_l; lra. }
  pose proof (rnd_any m (sum loss t / n)) as E.
  assert (B : Rabs (sum loss t / n) <= mean + (n - 1) * u * mean).
  { replace (sum loss t / n) with (mean + (sum loss t / n - mean)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite (Rabs_pos_eq mean); lra. }
  assert (u * Rabs (sum loss t / n) <= u * (mean + (n - 1) * u * mean)) by (apply Rmult_le_compat_l; lra).
  assert (S : (n - 1) * u * mean <= / 2 * mean).
  { apply Rmult_le_compat_r; [lra|]. replace ((n - 1) * u) with (/ 2 * (2 * n * u) - u) by field. lra. }
  assert (u * ((n - 1) * u * mean) <= u * (/ 2 * mean)) by (apply Rmult_le_compat_l; lra).
  assert (0 < u * mean) by (apply Rmult_lt_0_compat; lra).
  replace (rnd (sum loss t / n) - mean)
    with ((rnd (sum loss t / n) - sum loss t / n) + (sum loss t / n - mean)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.
End Mean.

(* ---- Accuracy: a count over a count ---- *)

Theorem count_over_count : forall k n, 0 <= k <= n -> 0 < n ->
  0 <= rnd (k / n) <= 1 /\ (k = n -> rnd (k / n) = 1) /\ (k = 0 -> rnd (k / n) = 0).
Proof.
  intros k n K N. split; [|split].
  - apply rnd_share. split.
    + apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat, N].
    + apply Rmult_le_reg_r with n; [exact N|]. replace (k / n * n) with k by (field; lra). lra.
  - intros E. rewrite E. replace (n / n) with 1 by (field; lra). apply rnd_same, one_number.
  - intros E. rewrite E. replace (0 / n) with 0 by (field; lra). apply rnd_same, zero_number.
Qed.

(* ---- Dense: rounded products and a bias, in any order ---- *)

Inductive term := Bias (b : R) | Product (x w : R).

Definition value (a : term) : R := match a with Bias b => b | Product x w => x * w end.
Definition rounded (a : term) : R := match a with Bias b => b | Product x w => rnd (x * w) end.
Definition size (a : term) : R := Rabs (value a).
Definition bias_held (a : term) : Prop := match a with Bias b => number b | Product _ _ => True end.
Definition is_product (a : term) : R := match a with Bias _ => 0 | Product _ _ => 1 end.

Theorem dot_error : forall t, every bias_held t -> count t <= exact is_product t + 1 -> exact is_product t <= / u ->
  Rabs (sum rounded t - exact value t)
    <= (exact is_product t + 2) * u * exact size t + exact is_product t * (2 * h).
Proof.
  intros t G C B. pose proof up as U. pose proof hp as H. pose proof us as V. pose proof (few _ B) as W.
  pose proof (count_positive _ t) as P.
  assert (T0 : 0 <= exact size t) by (eapply Rle_trans; [apply Rabs_pos|apply (exact_abs _ value t)]).
  assert (I : exact (fun a => h * is_product a + 0 * is_product a) t = h * exact is_product t)
    by (rewrite exact_linear; ring).
  set (K := exact is_product t) in *.
  assert (K0 : 0 <= K) by (apply exact_positive; clear; induction t; simpl; [destruct a; simpl; lra|tauto]).
  pose proof (sum_error_leaves term rounded value size (fun a => h * is_product a + 0 * is_product a) 1 t) as E.
  rewrite I in E. eapply Rle_trans; [apply E|].
  - lra.
  - apply every_weaker with (2 := G). intros [b|x w] N; simpl; [exact N|apply rnd_number].
  - clear. induction t; simpl; [unfold size; lra|tauto].
  - clear. pose proof up. pose proof (rnd_any m) as N.
    induction t as [[b|x w]|]; simpl; [|specialize (N (x * w)); unfold size; simpl; lra|tauto].
    replace (b - b) with 0 by ring. rewrite Rabs_R0. unfold size. simpl.
    pose proof (Rmult_le_pos u (Rabs b) (Rlt_le _ _ up) (Rabs_pos b)). lra.
  - assert (X : 1 + (count t - 1) * (1 + 1 * u) <= K + 2).
    { assert ((count t - 1) * (1 + 1 * u) <= K * (1 + 1 * u)) by (apply Rmult_le_compat_r; lra). lra. }
    assert (Y : 1 + (count t - 1) * u <= 2).
    { assert ((count t - 1) * u <= K * u) by (apply Rmult_le_compat_r; lra). lra. }
    apply Rplus_le_compat.
    + apply Rmult_le_compat_r; [exact T0|]. apply Rmult_le_compat_r; lra.
    + replace (K * (2 * h)) with (2 * (h * K)) by ring. apply Rmult_le_compat_r; [apply Rmult_le_pos; lra|exact Y].
Qed.

Lemma leaf_below_sum : forall A (f : A -> R) t, every (fun a => 0 <= f a) t -> every (fun a => f a <= exact f t) t.
Proof.
  induction t as [a|l IHl r IHr]; simpl; intros H; [lra|]. destruct H as [Hl Hr].
  pose proof (exact_positive _ f l Hl). pose proof (exact_positive _ f r Hr).
  split; [apply every_weaker with (2 := IHl Hl)|apply every_weaker with (2 := IHr Hr)]; intros; lra.
Qed.

Theorem whole_dot : forall t, every (fun a => exists z, value a = IZR z) t -> exact size t <= / u ->
  sum rounded t = exact value t.
Proof.
  intros t W B.
  assert (L : every (fun a => size a <= / u) t).
  { apply every_weaker with (P := fun a => size a <= exact size t); [intros; lra|]. apply leaf_below_sum.
    clear. induction t; simpl; [apply Rabs_pos|tauto]. }
  assert (E : every (fun a => rounded a = value a) t).
  { clear B. induction t as [[b|x w]|l IHl r IHr]; simpl in *; [reflexivity| |tauto].
    destruct W as [z Z]. apply rnd_same. rewrite Z. apply whole_number. rewrite <- Z. exact L. }
  assert (S : sum rounded t = sum value t).
  { clear - E. induction t as [a|l IHl r IHr]; simpl in *; [exact E|]. destruct E. rewrite IHl, IHr; tauto. }
  rewrite S. apply (whole_sum term value t W B).
Qed.

(* A row of zeros: every product is zero, and of biases there is one at most. *)
Fixpoint biases (t : tree term) : nat :=
  match t with Leaf (Bias _) => 1 | Leaf (Product _ _) => 0 | Node l r => biases l + biases r end.
Definition zero_row (a : term) : Prop := match a with Bias b => number b | Product x _ => x = 0 end.

Theorem zero_dot : forall t, every zero_row t -> (biases t <= 1)%nat ->
  sum rounded t = exact value t /\ number (sum rounded t) /\ (biases t = 0%nat -> exact value t = 0).
Proof.
  pose proof zero_number as Z.
  induction t as [[b|x w]|l IHl r IHr]; simpl; intros G B.
  - split; [reflexivity|]. split; [exact G|discriminate].
  - rewrite G, Rmult_0_l, (rnd_same m 0 Z). tauto.
  - destruct G as [Gl Gr]. destruct (IHl Gl) as [El [Nl Ol]]; [lia|]. destruct (IHr Gr) as [Er [Nr Or]]; [lia|].
    split; [|split; [apply rnd_number|intros O; rewrite Ol, Or by lia; ring]].
    destruct (biases l) as [|k] eqn:E.
    + rewrite El, Er, (Ol eq_refl), Rplus_0_l. apply rnd_same. rewrite <- Er. exact Nr.
    + rewrite El, Er, Or, Rplus_0_r by lia. apply rnd_same. rewrite <- El. exact Nl.
Qed.

(* ---- Dense with fused multiply-add: a chain that begins with b; the list runs from the last step to the first ---- *)

Fixpoint fused (b : R) (l : list (R * R)) : R :=
  match l with nil => b | cons (x, w) r => rnd (x * w + fused b r) end.
Fixpoint chain (b : R) (l : list (R * R)) : R :=
  match l with nil => b | cons (x, w) r => x * w + chain b r end.
Fixpoint chain_size (b : R) (l : list (R * R)) : R :=
  match l with nil => Rabs b | cons (x, w) r => Rabs (x * w) + chain_size b r end.
Fixpoint steps (l : list (R * R)) : R :=
  match l with nil => 0 | cons _ r => 1 + steps r end.

Lemma steps_positive : forall l, 0 <= steps l.
Proof. induction l; simpl; lra. Qed.

Lemma fused_number : forall b l, number b -> number (fused b l).
Proof. intros b [|[x w] l] N; simpl; [exact N|apply rnd_number]. Qed.

Lemma chain_below_size : forall b l, Rabs (chain b l) <= chain_size b l.
Proof.
  intros b l. induction l as [|[x w] l IH]; simpl; [lra|]. pose proof (Rabs_triang (x * w) (chain b l)). lra.
Qed.

Theorem fused_error : forall b l, number b -> steps l * u <= 1 ->
  Rabs (fused b l - chain b l) <= steps l * u * chain_size b l + steps l * (1 + steps l * u) * h.
Proof.
  intros b l N. induction l as [|[x w] l IH]; intros B; simpl in *.
  - replace (b - b) with 0 by ring. rewrite Rabs_R0. lra.
  - pose proof up as U. pose proof us as V. pose proof hp as H. pose proof (steps_positive l) as P.
    pose proof (chain_below_size b l) as S. pose proof (Rabs_pos (chain b l)) as S0.
    assert (B' : steps l * u <= 1) by lra. specialize (IH B').
    pose proof (rnd_nearest m (x * w + fused b l) (fused b l) (fused_number b l N)) as D1.
    replace (fused b l - (x * w + fused b l)) with (- (x * w)) in D1 by ring. rewrite Rabs_Ropp in D1.
    pose proof (rnd_any m (x * w + fused b l)) as D2.
    set (k := steps l) in *. set (s := fused b l) in *. set (T := chain_size b l) in *. set (q := Rabs (x * w)) in *.
    set (e := k * (1 + k * u) * h) in *.
    assert (e0 : 0 <= e) by (apply Rmult_le_pos; [apply Rmult_le_pos; nra|exact H]).
    assert (q0 : 0 <= q) by apply Rabs_pos.
    assert (A : Rabs s <= T + k * u * T + e).
    { replace s with (chain b l + (s - chain b l)) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra. }
    assert (D3 : u * Rabs (x * w + s) <= u * (q + (T + k * u * T + e))).
    { apply Rmult_le_compat_l; [lra|]. eapply Rle_trans; [apply Rabs_triang|]. fold q. lra. }
    assert (G : e + u * e + h <= (1 + k) * (1 + (1 + k) * u) * h).
    { unfold e. replace (k * (1 + k * u) * h + u * (k * (1 + k * u) * h) + h)
        with ((k * (1 + k * u) * (1 + u) + 1) * h) by ring.
      apply Rmult_le_compat_r; [exact H|].
      assert (0 <= k * u) by (apply Rmult_le_pos; lra).
      assert (0 <= k * u * (1 - k * u)) by (apply Rmult_le_pos; lra).
      replace ((1 + k) * (1 + (1 + k) * u)) with (k * (1 + k * u) * (1 + u) + 1 + (u + k * u * (1 - k * u))) by ring.
      lra. }
    assert (F : e <= (1 + k) * (1 + (1 + k) * u) * h).
    { apply Rle_trans with (2 := G). assert (0 <= u * e) by (apply Rmult_le_pos; lra). lra. }
    replace (rnd (x * w + s) - (x * w + chain b l))
      with ((rnd (x * w + s) - (x * w + s)) + (s - chain b l)) by ring.
    eapply Rle_trans; [apply Rabs_triang|].
    assert (k * u * q >= 0) by (apply Rle_ge, Rmult_le_pos; [apply Rmult_le_pos|]; lra).
    destruct (Rle_or_lt q (u * T)) as [C|C].
    + assert (0 <= u * q) by (apply Rmult_le_pos; lra). lra.
    + assert (k * u * (u * T) <= k * u * q) by (apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra). lra.
Qed.

(* Several such chains, added in any order: what libraries do that keep several accumulators. *)
Theorem blocks_error : forall (t : tree (R * list (R * R))) (q K : R),
  every (fun a => number (fst a)) t -> every (fun a => steps (snd a) <= q) t -> 0 <= q ->
  K = exact (fun a => steps (snd a)) t -> count t + q <= K + 2 -> (K + 2) * u <= / 2 -> (K + 1) * (K + 1) * u <= 4 ->
  Rabs (sum (fun a => fused (fst a) (snd a)) t - exact (fun a => chain (fst a) (snd a)) t)
    <= (K + 2) * u * exact (fun a => chain_size (fst a) (snd a)) t + K * (2 * h).
Proof.
  intros t q K N Q Q0 EK C B1 B2. pose proof up as U. pose proof us as V. pose proof hp as H.
  pose proof (count_positive _ t) as P.
  set (T := exact (fun a => chain_size (fst a) (snd a)) t).
  assert (T0 : 0 <= T).
  { apply exact_positive. clear. induction t as [a|]; simpl; [|tauto].
    eapply Rle_trans; [apply Rabs_pos|apply chain_below_size]. }
  assert (K0 : 0 <= K).
  { rewrite EK. apply exact_positive. clear. induction t as [a|]; simpl; [apply steps_positive|tauto]. }
  set (off := fun a : R * list (R * R) => ((1 + q * u) * h) * steps (snd a) + 0 * steps (snd a)).
  assert (I : exact off t = (1 + q * u) * h * K) by (unfold off; rewrite exact_linear, EK; ring).
  assert (QU : q * u <= 1).
  { assert ((count t + q) * u <= (K + 2) * u) by (apply Rmult_le_compat_r; lra).
    assert (0 <= count t * u) by (apply Rmult_le_pos; lra). lra. }
  pose proof (sum_error_leaves _ (fun a => fused (fst a) (snd a)) (fun a => chain (fst a) (snd a))
    (fun a => chain_size (fst a) (snd a)) off q t Q0) as E.
  fold T in E. rewrite I in E. eapply Rle_trans; [apply E|].
  - apply every_weaker with (2 := N). intros a. apply fused_number.
  - clear. induction t; simpl; [apply chain_below_size|tauto].
  - assert (Both : every (fun a => number (fst a) /\ steps (snd a) <= q) t).
    { clear - N Q. induction t; simpl in *; tauto. }
    apply every_weaker with (2 := Both). intros [b l] [Nb Sq]. unfold off. simpl in *.
    pose proof (steps_positive l) as S0.
    assert (SU : steps l * u <= q * u) by (apply Rmult_le_compat_r; lra).
    assert (Z : 0 <= chain_size b l) by (eapply Rle_trans; [apply Rabs_pos|apply chain_below_size]).
    eapply Rle_trans; [apply fused_error; [exact Nb|lra]|].
    assert (steps l * u * chain_size b l <= q * u * chain_size b l) by (apply Rmult_le_compat_r; lra).
    assert (steps l * h * (1 + steps l * u) <= steps l * h * (1 + q * u))
      by (apply Rmult_le_compat_l; [apply Rmult_le_pos|]; lra).
    lra.
  - set (n := count t) in *.
    assert (M : (n - 1) * q * u <= 1).
    { assert (0 <= (n - 1 - q) * (n - 1 - q)) by (apply Rle_0_sqr).
      assert (4 * ((n - 1) * q) <= (n - 1 + q) * (n - 1 + q)) by lra.
      assert ((n - 1 + q) * (n - 1 + q) <= (K + 1) * (K + 1)) by (apply Rmult_le_compat; lra).
      assert (4 * ((n - 1) * q) * u <= (K + 1) * (K + 1) * u) by (apply Rmult_le_compat_r; lra). lra. }
    assert (X : q + (n - 1) * (1 + q * u) <= K + 2) by lra.
    assert (Y : (1 + (n - 1) * u) * (1 + q * u) <= 2).
    { assert ((n - 1) * q * u * u <= 1 * u) by (apply Rmult_le_compat_r; lra).
      assert ((n - 1 + q) * u <= (K + 2) * u) by (apply Rmult_le_compat_r; lra). lra. }
    apply Rplus_le_compat.
    + apply Rmult_le_compat_r; [exact T0|]. apply Rmult_le_compat_r; lra.
    + replace (K * (2 * h)) with (2 * (h * K)) by ring.
      replace ((1 + (n - 1) * u) * ((1 + q * u) * h * K)) with ((1 + (n - 1) * u) * (1 + q * u) * (h * K)) by ring.
      apply Rmult_le_compat_r; [apply Rmult_le_pos; lra|exact Y].
Qed.
End Chains.
