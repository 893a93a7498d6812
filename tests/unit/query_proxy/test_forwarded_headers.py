from query_proxy.forwarded_headers import for_client, for_upstream


def test_headers_of_the_message_go_on_and_those_of_the_connection_stay():
    sent = for_upstream(
        [
            ("host", "shop"),
            ("authorization", "Basic x"),
            ("x-opaque-id", "7"),
            ("accept-encoding", "gzip"),
            ("connection", "keep-alive, X-Mine"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("expect", "100-continue"),
            ("x-api-key", "secret"),
        ],
        None,
    )
    assert sent == [
        ("authorization", "Basic x"), ("x-opaque-id", "7"), ("accept-encoding", "gzip"),
    ]  # fmt: skip


def test_the_proxys_own_credentials_replace_the_clients():
    sent = for_upstream([("authorization", "Basic client")], "Basic proxy")
    assert sent == [("authorization", "Basic proxy")]


def test_an_answers_headers_come_back_in_lower_case_and_order():
    told = for_client(
        [(b"Content-Type", b"x"), (b"Transfer-Encoding", b"chunked"), (b"Warning", b"299")]
    )
    assert told == [(b"content-type", b"x"), (b"warning", b"299")]
