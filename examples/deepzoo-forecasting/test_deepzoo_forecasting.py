from deepzoo_forecasting import Forecasting

from deepzoo.testing import check_task


def test_it_keeps_the_promises_of_a_task():
    check_task(Forecasting)
