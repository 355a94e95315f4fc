! The forward pass of the course. Rows are samples; labels are classes from 0, or one-hot rows.
module network
   use, intrinsic :: ieee_arithmetic, only: ieee_is_finite, ieee_is_nan
   use, intrinsic :: iso_fortran_env, only: int64, real64
   implicit none
   private
   public :: accuracy, dense, loss, new_layer, relu, sample_losses, seed, softmax, spiral_data

   ! What a status says.
   integer, parameter, public :: FINE = 0, BAD_SHAPE = 1, BAD_LABEL = 2, BAD_VALUE = 3

   interface sample_losses
      module procedure sample_losses_of_classes, sample_losses_of_one_hot
   end interface sample_losses

   interface loss
      module procedure loss_of_classes, loss_of_one_hot
   end interface loss

   interface accuracy
      module procedure accuracy_of_classes, accuracy_of_one_hot
   end interface accuracy

contains

   subroutine seed(value)
      integer(int64), intent(in) :: value
      integer :: i, length
      integer, allocatable :: numbers(:)

      call random_seed(size=length)
      numbers = [(int(mod(value, int(huge(1), int64))), i=1, length)]
      call random_seed(put=numbers)
   end subroutine seed

   subroutine new_layer(n_inputs, n_neurons, weights, biases, status)
      integer, intent(in) :: n_inputs, n_neurons
      real(real64), allocatable, intent(out) :: weights(:, :), biases(:, :)
      integer, intent(out) :: status

      status = merge(FINE, BAD_VALUE, n_inputs >= 1 .and. n_neurons >= 1)
      if (status /= FINE) return
      allocate (weights(n_inputs, n_neurons), biases(1, n_neurons))
      call random_number(weights)
      weights = 0.1_real64*weights
      biases = 0
   end subroutine new_layer

   subroutine spiral_data(samples, classes, points, labels, status)
      integer, intent(in) :: samples, classes
      real(real64), allocatable, intent(out) :: points(:, :)
      integer, allocatable, intent(out) :: labels(:)
      integer, intent(out) :: status
      real(real64) :: along, angle
      integer :: i, k, row

      status = merge(FINE, BAD_VALUE, samples >= 1 .and. classes >= 1)
      if (status /= FINE) return
      allocate (points(samples*classes, 2), labels(samples*classes))
      do k = 0, classes - 1
         do i = 0, samples - 1
            row = k*samples + i + 1
            along = real(i, real64)/max(samples - 1, 1)
            angle = 2.5_real64*(4*(k + along) + 0.2_real64*normal())
            points(row, :) = [along*sin(angle), along*cos(angle)]
            labels(row) = k
         end do
      end do
   end subroutine spiral_data

   real(real64) function normal()
      real(real64) :: drawn(2)

      call random_number(drawn)
      normal = sqrt(-2*log(1 - drawn(1)))*cos(2*acos(-1.0_real64)*drawn(2))
   end function normal

   subroutine dense(inputs, weights, biases, outputs, status)
      real(real64), intent(in) :: inputs(:, :), weights(:, :), biases(:, :)
      real(real64), allocatable, intent(out) :: outputs(:, :)
      integer, intent(out) :: status

      status = merge(FINE, BAD_SHAPE, size(inputs, 2) >= 1 .and. size(inputs, 2) == size(weights, 1) &
                     .and. all(shape(biases) == [1, size(weights, 2)]))
      if (status == FINE) outputs = matmul(inputs, weights) + spread(biases(1, :), 1, size(inputs, 1))
   end subroutine dense

   subroutine relu(inputs, outputs, status)
      real(real64), intent(in) :: inputs(:, :)
      real(real64), allocatable, intent(out) :: outputs(:, :)
      integer, intent(out) :: status

      status = merge(FINE, BAD_SHAPE, size(inputs, 2) >= 1)
      ! max would do, but for NaN, which it may pass over.
      if (status == FINE) outputs = merge(inputs, 0.0_real64, inputs > 0 .or. ieee_is_nan(inputs))
   end subroutine relu

   subroutine softmax(inputs, outputs, status)
      real(real64), intent(in) :: inputs(:, :)
      real(real64), allocatable, intent(out) :: outputs(:, :)
      integer, intent(out) :: status
      integer :: i

      status = merge(FINE, BAD_SHAPE, size(inputs, 2) >= 1)
      if (status /= FINE) return
      allocate (outputs, mold=inputs)
      do i = 1, size(inputs, 1)
         outputs(i, :) = exp(inputs(i, :) - maxval(inputs(i, :)))
         outputs(i, :) = outputs(i, :)/sum(outputs(i, :))
      end do
   end subroutine softmax

   subroutine sample_losses_of_classes(y_pred, y_true, losses, status)
      real(real64), intent(in) :: y_pred(:, :)
      integer, intent(in) :: y_true(:)
      real(real64), allocatable, intent(out) :: losses(:)
      integer, intent(out) :: status
      real(real64), parameter :: LEAST = 1e-7_real64
      integer :: i

      status = status_of_labels(y_pred, y_true)
      if (status == FINE .and. .not. all(y_pred >= 0 .and. y_pred <= 1)) status = BAD_VALUE
      if (status == FINE) losses = [(-log(min(max(y_pred(i, y_true(i) + 1), LEAST), 1 - LEAST)), i=1, size(y_true))]
   end subroutine sample_losses_of_classes

   subroutine sample_losses_of_one_hot(y_pred, y_true, losses, status)
      real(real64), intent(in) :: y_pred(:, :), y_true(:, :)
      real(real64), allocatable, intent(out) :: losses(:)
      integer, intent(out) :: status

      status = status_of_one_hot(y_pred, y_true)
      if (status == FINE) call sample_losses(y_pred, maxloc(y_true, dim=2) - 1, losses, status)
   end subroutine sample_losses_of_one_hot

   subroutine loss_of_classes(y_pred, y_true, mean, status)
      real(real64), intent(in) :: y_pred(:, :)
      integer, intent(in) :: y_true(:)
      real(real64), intent(out) :: mean
      integer, intent(out) :: status
      real(real64), allocatable :: losses(:)

      mean = 0
      call sample_losses(y_pred, y_true, losses, status)
      if (size(y_true) == 0) status = BAD_VALUE
      if (status == FINE) mean = sum(losses)/size(losses)
   end subroutine loss_of_classes

   subroutine loss_of_one_hot(y_pred, y_true, mean, status)
      real(real64), intent(in) :: y_pred(:, :), y_true(:, :)
      real(real64), intent(out) :: mean
      integer, intent(out) :: status

      mean = 0
      status = status_of_one_hot(y_pred, y_true)
      if (status == FINE) call loss(y_pred, maxloc(y_true, dim=2) - 1, mean, status)
   end subroutine loss_of_one_hot

   subroutine accuracy_of_classes(y_pred, y_true, share, status)
      real(real64), intent(in) :: y_pred(:, :)
      integer, intent(in) :: y_true(:)
      real(real64), intent(out) :: share
      integer, intent(out) :: status

      share = 0
      status = status_of_labels(y_pred, y_true)
      if (size(y_true) == 0) status = BAD_VALUE
      if (status == FINE) share = real(count(maxloc(y_pred, dim=2) - 1 == y_true), real64)/size(y_true)
   end subroutine accuracy_of_classes

   subroutine accuracy_of_one_hot(y_pred, y_true, share, status)
      real(real64), intent(in) :: y_pred(:, :), y_true(:, :)
      real(real64), intent(out) :: share
      integer, intent(out) :: status

      share = 0
      status = status_of_one_hot(y_pred, y_true)
      if (status == FINE) call accuracy(y_pred, maxloc(y_true, dim=2) - 1, share, status)
   end subroutine accuracy_of_one_hot

   integer function status_of_labels(y_pred, y_true) result(status)
      real(real64), intent(in) :: y_pred(:, :)
      integer, intent(in) :: y_true(:)

      status = FINE
      if (any(y_true < 0 .or. y_true >= size(y_pred, 2))) status = BAD_LABEL
      if (.not. all(ieee_is_finite(y_pred))) status = BAD_VALUE
      if (size(y_pred, 2) == 0 .or. size(y_pred, 1) /= size(y_true)) status = BAD_SHAPE
   end function status_of_labels

   integer function status_of_one_hot(y_pred, y_true) result(status)
      real(real64), intent(in) :: y_pred(:, :), y_true(:, :)
      logical :: ones(size(y_true, 1), size(y_true, 2)), zeros(size(y_true, 1), size(y_true, 2))

      ones = y_true >= 1 .and. y_true <= 1
      zeros = y_true >= 0 .and. y_true <= 0
      status = FINE
      if (.not. all(ones .or. zeros) .or. any(count(ones, dim=2) /= 1)) status = BAD_LABEL
      if (any(shape(y_pred) /= shape(y_true))) status = BAD_SHAPE
   end function status_of_one_hot
end module network
