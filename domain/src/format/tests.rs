use rstest::rstest;

use super::*;

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(format(text).unwrap(), expected, "from\n{text}");
}

#[track_caller]
fn stays(text: &str) {
    becomes(text, text);
}

fn refusal(text: &str) -> String {
    format(text).unwrap_err().to_string()
}

#[test]
fn the_top_level_has_an_order() {
    becomes(
        "x-b: 1\nmodels:\n  m: {model: a}\nsecrets:\n  s: {file: a}\nconfigs:\n  c: {file: a}\nvolumes:\n  v:\nnetworks:\n  n:\n\
         services:\n  a:\n    image: x\ninclude: [a.yml]\nname: a\n",
        "name: a\ninclude: [a.yml]\n\nservices:\n  a:\n    image: x\n\nnetworks:\n  n:\n\nvolumes:\n  v:\n\n\
         configs:\n  c: {file: a}\n\nsecrets:\n  s: {file: a}\n\nmodels:\n  m: {model: a}\n\nx-b: 1\n",
    );
}

#[test]
fn the_keys_of_a_service_have_an_order_and_unknown_keys_come_last() {
    becomes(
        "services:\n  a:\n    x-note: 1\n    frobnicate: 2\n    restart: always\n    ports: [\"80:80\"]\n    environment: {A: 1}\n    image: x\n",
        "services:\n  a:\n    image: x\n    environment: {A: 1}\n    ports: [\"80:80\"]\n    restart: always\n    frobnicate: 2\n    x-note: 1\n",
    );
}

#[test]
fn every_key_of_the_specification_has_a_position() {
    let missing: Vec<_> =
        crate::compose::service_keys().filter(|key| !order::SERVICE.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<_> = order::SERVICE
        .iter()
        .filter(|key| **key != "<<" && crate::compose::service_keys().all(|known| known != **key))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn services_variables_and_items_keep_their_order() {
    stays(
        "services:\n  b:\n    environment:\n      Z: 1\n      A: 2\n    volumes:\n      - z:/z\n      - a:/a\n\n  a:\n    image: x\n",
    );
}

#[test]
fn anchors_stay_above_their_aliases() {
    becomes(
        "networks:\n  n:\nx-free: 1\nx-base: &base\n  restart: always\nservices:\n  a:\n    <<: *base\n    image: x\n",
        "x-base: &base\n  restart: always\n\nservices:\n  a:\n    <<: *base\n    image: x\n\nnetworks:\n  n:\n\nx-free: 1\n",
    );
    becomes(
        "services:\n  a:\n    labels: &l\n      k: v\n    environment: *l\n    image: x\n",
        "services:\n  a:\n    image: x\n    labels: &l\n      k: v\n    environment: *l\n",
    );
}

#[test]
fn an_anchor_that_is_defined_twice_keeps_every_key_where_it_is() {
    stays(
        "services:\n  a:\n    labels: &l\n      k: v\n    image: x\n\n  b:\n    labels: &l\n      k: w\n    environment: *l\n    image: y\n",
    );
}

#[test]
fn tags_and_merges_stay() {
    stays(
        "x-a: &a\n  A: 1\n\nservices:\n  a:\n    image: !!str 1\n    command: !reset null\n    environment:\n      <<: [*a]\n      B: !!str\n    ports: !override\n      - \"80:80\"\n",
    );
    stays("services:\n  a:\n    image: x\n    ports: !reset []\n    healthcheck: !reset\n");
}

#[test]
fn indentation_is_two_also_below_lists() {
    becomes(
        "services:\n    a:\n        image:   x\n        volumes:\n        -   type: bind\n            source: ./a\n            target: /a\n        -   b:/b\n",
        "services:\n  a:\n    image: x\n    volumes:\n      - type: bind\n        source: ./a\n        target: /a\n      - b:/b\n",
    );
    becomes(
        "services:\n  a:\n    command:\n    - - a\n      - b\n    -\n      c: d\n",
        "services:\n  a:\n    command:\n      - - a\n        - b\n      - c: d\n",
    );
}

#[test]
fn quotes_stand_only_where_they_are_needed() {
    becomes(
        "services:\n  'a':\n    \"image\": 'x:1'\n    environment:\n      A: \"yes\"\n      B: '8080'\n      C: 'it''s # 1'\n      D: '\"x\": y'\n      E: \"a b\"\n",
        "services:\n  a:\n    image: x:1\n    environment:\n      A: \"yes\"\n      B: \"8080\"\n      C: \"it's # 1\"\n      D: '\"x\": y'\n      E: a b\n",
    );
}

#[test]
fn short_ports_are_in_double_quotes() {
    becomes(
        "services:\n  a:\n    ports:\n    - 80:80\n    - '${P}:53/udp'\n    - 3000\n    - target: 1\n      published: '1'\n    expose:\n    - 90/udp\n",
        "services:\n  a:\n    ports:\n      - \"80:80\"\n      - \"${P}:53/udp\"\n      - 3000\n      - target: 1\n        published: \"1\"\n    expose:\n      - 90/udp\n",
    );
}

#[test]
fn blank_lines_stand_between_services_and_once_elsewhere() {
    becomes(
        "\n\nservices:\n\n  a:\n\n    image: x   \n\n\n    restart: always\n  b:\n    image: y\n\n\nvolumes:\n  v:\n\n\n",
        "services:\n  a:\n    image: x\n\n    restart: always\n\n  b:\n    image: y\n\nvolumes:\n  v:\n",
    );
}

#[test]
fn comments_stay_with_their_entry() {
    becomes(
        "# the file\n\n# data\nvolumes:\n  v: # one\n# what runs\nservices:\n  # first\n  a: # main\n    # again\n    restart: always # yes\n    image: x    # pinned\n",
        "# the file\n\n# what runs\nservices:\n  # first\n  a: # main\n    image: x # pinned\n    # again\n    restart: always # yes\n\n# data\nvolumes:\n  v: # one\n",
    );
}

#[test]
fn comments_at_the_end_of_a_block_stay_there() {
    stays(
        "services:\n  a:\n    image: x\n    environment:\n      - A=1\n      # - B=2\n\n      # - C=3\n    restart: always\n    # ports:\n    #   - \"80:80\"\n\n  # b:\n  #   image: y\n\nvolumes:\n  v:\n\n# the end\n",
    );
    becomes(
        "services:\n    a:\n        environment:\n            # - A=1\n        image: x\n",
        "services:\n  a:\n    image: x\n    environment:\n      # - A=1\n",
    );
}

#[test]
fn comments_of_stacker_stay_above_what_they_are_about() {
    becomes(
        "services:\n  a:\n    restart: always\n    # stacker: ignore image-unpinned: tested\n\n    image: x\n      # stacker: hint image-latest\n  b:\n    image: y # stacker: ignore image-unpinned\n",
        "services:\n  a:\n    # stacker: ignore image-unpinned: tested\n\n    image: x\n    restart: always\n\n  # stacker: hint image-latest\n  b:\n    image: y # stacker: ignore image-unpinned\n",
    );
    becomes(
        "# stacker: ignore-file image-unpinned\n\nvolumes:\n  v:\nservices:\n  a:\n    image: x\n",
        "# stacker: ignore-file image-unpinned\n\nservices:\n  a:\n    image: x\n\nvolumes:\n  v:\n",
    );
}

#[test]
fn block_scalars_keep_their_content() {
    becomes(
        "services:\n    a:\n        command: |  # run\n            a\n              b  \n\n            c\n        entrypoint: >2-\n             d\n            e\n        image: x\n",
        "services:\n  a:\n    image: x\n    command: | # run\n      a\n        b  \n\n      c\n    entrypoint: >2-\n         d\n        e\n",
    );
    stays(
        "configs:\n  a:\n    content: |+\n      x\n\n\n  b:\n    content: |-\n      # no comment\n# a comment\n",
    );
}

#[test]
fn texts_in_several_lines_move_with_their_key() {
    becomes(
        "services:\n    a:\n        command: \"a\n            b\n          c\"\n        labels:\n        - k=a\n          b\n",
        "services:\n  a:\n    command: \"a\n        b\n      c\"\n    labels:\n      - k=a\n        b\n",
    );
}

#[test]
fn flow_collections_are_kept() {
    stays(
        "services:\n  a:\n    command: [ \"a\",'b' ]\n    environment: {\n      A: 1, # one\n      B: 2,\n    }\n    ports: ['80:80']\n",
    );
    stays("{\"services\": {\"a\": {\"restart\": \"always\", \"image\": \"x\"}}}\n");
}

#[test]
fn markers_line_breaks_and_the_byte_order_mark_are_kept() {
    becomes(
        "\u{feff}%YAML 1.1\r\n---  # start\r\nvolumes:\r\n  v:\r\nservices:\r\n  ? b\r\n  : image: 'z'\r\n...\r\n# end",
        "\u{feff}%YAML 1.1\r\n---  # start\r\nservices:\r\n  b:\r\n    image: z\r\n\r\nvolumes:\r\n  v:\r\n...\r\n# end\r\n",
    );
}

#[rstest]
#[case("")]
#[case("# nothing yet\n")]
#[case("services:\n")]
#[case("services: {}\n")]
fn small_files_stay(#[case] text: &str) {
    stays(text);
}

#[test]
fn files_with_errors_are_refused_with_the_finding() {
    let refused = format("services:\n  a: [\n").unwrap_err();
    assert!(
        matches!(&refused, FormatError::Unreadable(finding) if finding.code == "not-yaml"),
        "{refused:?}"
    );
    let refused = format("services:\n  a:\n    image: x\n    image: y\n").unwrap_err();
    assert!(
        matches!(&refused, FormatError::Unreadable(finding) if finding.position.line == 4),
        "{refused:?}"
    );
    assert!(refusal("- a\n").starts_with("A compose file is a mapping"));
    assert!(refusal(&"a".repeat(1024 * 1024 + 1)).contains("aren't read"));
}

#[test]
fn the_time_grows_with_the_size_only() {
    let service = |number: usize| format!("  s{number}:\n    restart: *r\n    image: x # c\n    # d\n");
    let text = format!("x-r: &r always\nservices:\n{}", (0..12_000).map(service).collect::<String>());
    let started = std::time::Instant::now();
    assert!(super::format(&text).is_ok());
    assert!(started.elapsed().as_secs() < 60);
}
