! A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
! procedures in the place of those of the module network, and take out of HELLO what you do not have. Matrices have the
! samples in their rows, sparse labels are integers from 0. The last argument of a procedure is its status: 0, or why
! it refuses the others, by the numbers below.
!
! Build:  gfortran -O2 -o port network.f90 harness.f90
! Check:  nnfs-spec check "exec:./port"
program harness
   use, intrinsic :: iso_fortran_env, only: int64, output_unit, real64
   use network, only: accuracy, dense, loss, new_layer, relu, sample_losses, seed, softmax, spiral_data
   implicit none

   character(*), parameter :: HELLO = '@ hello 1 operations dense relu softmax sample_losses loss accuracy layer ' &
                                      //'spiral_data dtypes float64 features echo'
   character(*), parameter :: CATEGORIES(4) = ['shape', 'label', 'value', 'other']
   integer, parameter :: BAD_SHAPE = 1, BAD_LABEL = 2

   ! Every array is kept as a matrix: a vector is one of one column, a single number one of one entry.
   type :: array
      character(7) :: dtype = 'float64'
      integer :: dimensions = 2
      real(real64), allocatable :: values(:, :)
   end type array

   type(array) :: given(3), results(2)
   character(256) :: line
   character(64) :: word, id, operation
   integer :: arguments, i, status

   do
      read (*, '(a)', iostat=status) line
      if (status /= 0) exit
      read (line, *, iostat=status) word
      if (status /= 0) cycle
      if (word == 'end') exit
      if (word == 'hello') write (*, '(a)') HELLO
      if (word == 'call') then
         read (line, *) word, id, operation, arguments
         do i = 1, arguments
            call read_array(given(i))
         end do
         call answer(given(1), given(2), given(3), status)
         if (status /= 0) then
            write (*, '(*(a, 1x))') '@', trim(id), 'error', CATEGORIES(status), 'refused by', trim(operation)
         else
            write (*, '(*(a, 1x))', advance='no') '@', trim(id), 'ok'
            do i = 1, merge(2, 1, allocated(results(2)%values))
               call write_array(results(i))
            end do
            do i = 1, merge(arguments, 0, index(line, ' echo ') > 0)
               call write_array(given(i))
            end do
            write (*, '(a)') ''
         end if
      end if
      flush (output_unit)
   end do

contains

   subroutine read_array(a)
      type(array), intent(out) :: a
      character(256) :: header
      integer, allocatable :: lengths(:)
      integer :: row

      read (*, '(a)') header
      read (header, *) a%dtype, a%dimensions
      allocate (lengths(max(2, a%dimensions)))
      read (header, *) a%dtype, a%dimensions, lengths
      allocate (a%values(lengths(1), product(lengths(2:))))
      read (*, *) (a%values(row, :), row=1, lengths(1)) ! an empty line too, if there are none
   end subroutine read_array

   subroutine write_array(a)
      type(array), intent(in) :: a
      integer :: row

      write (*, '(*(g0, 1x))', advance='no') 'float64', a%dimensions, shape(a%values), &
         (a%values(row, :), row=1, size(a%values, 1))
   end subroutine write_array

   ! Puts into results what the call is answered with, or into status why it is refused.
   subroutine answer(x, y, z, status)
      type(array), intent(inout) :: x, y, z
      integer, intent(out) :: status

      results = [array(), array()]
      status = 0
      select case (operation)
      case ('layer', 'spiral_data')
         if (z%values(1, 1) >= 0) call seed(nint(z%values(1, 1), int64))
         call draw(nint(x%values(1, 1)), nint(y%values(1, 1)), status)
         return
      case ('dense')
         if (y%dimensions /= 2 .or. z%dimensions /= 2) status = BAD_SHAPE
      case ('sample_losses', 'loss', 'accuracy')
         if (y%dimensions == 1 .and. index(y%dtype, 'int') == 0) status = BAD_LABEL
         if (y%dimensions < 1 .or. y%dimensions > 2) status = BAD_SHAPE
      end select
      if (x%dimensions /= 2) status = BAD_SHAPE
      if (status /= 0) return
      select case (operation)
      case ('dense')
         call dense(x%values, y%values, z%values, results(1)%values, status)
      case ('relu')
         call relu(x%values, results(1)%values, status)
      case ('softmax')
         call softmax(x%values, results(1)%values, status)
      case default
         call judge(x%values, y, status)
      end select
   end subroutine answer

   subroutine draw(first, second, status)
      integer, intent(in) :: first, second
      integer, intent(out) :: status
      integer, allocatable :: labels(:)

      if (operation == 'layer') then
         call new_layer(first, second, results(1)%values, results(2)%values, status)
      else
         call spiral_data(first, second, results(1)%values, labels, status)
         if (status == 0) results(2) = array('float64', 1, reshape(real(labels, real64), [size(labels), 1]))
      end if
   end subroutine draw

   subroutine judge(y_pred, y, status)
      real(real64), intent(inout) :: y_pred(:, :)
      type(array), intent(inout) :: y
      integer, intent(out) :: status
      real(real64), allocatable :: losses(:)
      real(real64) :: mean
      integer :: labels(size(y%values, 1))

      if (y%dimensions == 1) labels = nint(min(max(y%values(:, 1), -1.0_real64), real(huge(1), real64)))
      select case (operation)
      case ('sample_losses')
         if (y%dimensions == 1) call sample_losses(y_pred, labels, losses, status)
         if (y%dimensions == 2) call sample_losses(y_pred, y%values, losses, status)
      case ('loss')
         if (y%dimensions == 1) call loss(y_pred, labels, mean, status)
         if (y%dimensions == 2) call loss(y_pred, y%values, mean, status)
      case default
         if (y%dimensions == 1) call accuracy(y_pred, labels, mean, status)
         if (y%dimensions == 2) call accuracy(y_pred, y%values, mean, status)
      end select
      if (status /= 0) return
      if (y%dimensions == 1) y%values(:, 1) = labels ! so that the echo shows what has become of them
      results(1) = array('float64', 0, reshape([mean], [1, 1]))
      if (allocated(losses)) results(1) = array('float64', 1, reshape(losses, [size(losses), 1]))
   end subroutine judge
end program harness
