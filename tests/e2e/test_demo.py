"""`shopkeeper demo` as the README has it."""


def test_the_demo_indexes_the_sample_shop_and_explains_its_searches(shopkeeper, unique_index_name):
    done = shopkeeper("demo", "--index", unique_index_name)
    assert done.returncode == 0, done.stderr
    assert "1,030 products of the sample shop are live" in done.stderr
    assert done.stdout.count("stands first:") == 3
    assert "Fused score" in done.stdout
