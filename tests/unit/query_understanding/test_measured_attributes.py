from query_understanding.quantities.measured_attributes import MeasuredAttributes


def test_counts_leave_room_for_what_has_a_unit():
    attributes = MeasuredAttributes()
    attributes.observe([{"name": f"parts_{n}x", "value": n} for n in range(2_500)])
    for _ in range(2):
        attributes.observe([{"name": "weight", "value": 2.5, "unit": "kg"}])
    assert [(each.name, each.dimension) for each in attributes.found()] == [("weight", "mass")]


def test_attributes_beyond_the_limit_are_not_kept():
    attributes = MeasuredAttributes()
    for _ in range(2):
        attributes.observe([{"name": f"parts_{n}x", "value": n} for n in range(2_500)])
    assert len(attributes.found()) == 2_000
