from threadpoolctl import threadpool_info

from encoders.one_blas_thread import OneBlasThread


def blas_threads():
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def test_blas_has_one_thread_inside_and_its_own_number_afterwards():
    before = blas_threads()
    with OneBlasThread():
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before


def test_the_last_to_leave_puts_the_number_back():
    before, one_thread = blas_threads(), OneBlasThread()
    with one_thread:
        with one_thread:
            pass
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before
