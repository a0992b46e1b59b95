//! The files to which random edits are applied. They are small, and each has another style. Comments begin with `#~`,
//! so that they can be distinguished from text that edits write.

const ANY: [&str; 6] = [
    "",
    "#~ nothing yet\n",
    "services:\n",
    "services: {}\n",
    "{\"services\": {\"a\": {\"image\": \"x\", \"environment\": {\"A\": \"1\"}}, \"b\": {\"image\": \"y\"}}}",
    "\u{feff}--- #~ begins\nservices:\n  \"a\":\n    image: x\n  ? b\n  : image: y\n...\n",
];

/// Each file is also tried with Windows line breaks, and without the last line break.
const BLOCKS: [&str; 15] = [
    PLAIN,
    ANCHORS,
    MERGES,
    LISTS,
    SHARED,
    FLOW,
    LONG,
    REFERENCES,
    SCALARS,
    GRANTS,
    DENSE,
    SLOPPY,
    MERGED_SERVICES,
    SECRETS,
    VALUES,
];

pub fn files() -> Vec<String> {
    let twins = |file: &str| [file.to_owned(), file.replace('\n', "\r\n"), file.trim_end().to_owned()];
    ANY.into_iter().map(str::to_owned).chain(BLOCKS.into_iter().flat_map(twins)).collect()
}

/// Secrets in every notation, some of them shared.
const SECRETS: &str = r#"x-login: &login
  DB_PASSWORD: "it's $$5" #~ shared
  B: b
services:
  a:
    image: x
    networks: [front]
    depends_on: [b, c]
    environment:
      <<: *login
      API_KEY: 12345
      URL: postgres://app:hunter2@db/app #~ in a url
  b:
    image: y
    networks: [front, default]
    environment: *login
  c: {image: z, environment: [A_TOKEN=hunter2, "B=b"]}
  d:
    image: z
    environment:
    - SECRET_KEY=${KEY}
    - 'ADMIN_PASSWORD=a # b'
    depends_on: [a]
networks: {front: }
"#;

const PLAIN: &str = r#"# a stack
services:
  a:
    image: nginx:1.27 #~ pinned
    ports: ["80:80"]

  b:
    image: redis
    restart: always
    environment:
    - A=1
    - B
    command: [redis-server, --appendonly, "yes"]
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 5s #~ often
"#;

const ANCHORS: &str = r#"x-base: &base
  restart: always
  environment: &env
    A: 1
services:
  a:
    <<: *base
    image: x
  b:
    image: y
    environment: *env
    depends_on: [a]
"#;

/// Merges of merges, before and after own values.
const MERGES: &str = r#"x-env: &env
  A: 1
  B: b
x-log: &log
  logging: {driver: local}
  restart: always
x-base: &base
  <<: *log
  networks: [front]
  healthcheck: &check
    test: [CMD, "true"]
    disable: true
services:
  a:
    image: x
    environment:
      <<: *env
      A: 2 #~ mine
    <<: [*base, *log]
    healthcheck:
      <<: *check
      retries: 3
  b:
    <<:
      - *log
      - *base
    image: y
    environment: {<<: *env, C: c}
    restart: "no"
networks:
  front:
"#;

const LISTS: &str = r#"x-ports: &ports
  - "80:80"
  - 443:443
services:
  a:
    image: x
    ports: *ports
    volumes: &mounts [v:/v, ./here:/here:ro]
    environment: &env [A=1, B=]
  b:
    image: y
    ports: *ports
    volumes: *mounts
    environment: *env
    networks: &nets
      - front
      - default
  c:
    image: z
    networks: *nets
    depends_on: &deps [a, b]
    command: &words [run, it]
    entrypoint: *words
  d:
    depends_on: *deps
    image: z
volumes: {v: }
networks: {front: }
"#;

/// A whole service that another one merges.
const SHARED: &str = r#"services:
  a: &a
    image: &image x:1 #~ theirs too
    environment: {A: &value "1"}
    ports:
      - "80:80"
    container_name: one
  b:
    <<: *a
    image: *image
    environment:
      A: *value
      B: *value
  c: *a
"#;

const FLOW: &str = r#"services: {
  a: {image: x, ports: ["80:80", "90:90"], environment: {A: 1, B: }}, #~ first
  b: {
    image: y,
    depends_on: [a],
    networks: {front: {aliases: [bee]}}, #~ second
    volumes: [
      v:/v, #~ data
      "/tmp:/tmp:ro",
    ],
  },
  'c': {image: z, command: "run: it", healthcheck: {disable: true}},
}
volumes: {v: {}}
networks: {front: {internal: true}}
"#;

const LONG: &str = r#"services:
    a:
        image: 'x'
        ports:
        -   target: 80
            published: "8080" #~ why
            mode: host
        -   {target: 53, protocol: udp, host_ip: 127.0.0.1}
        depends_on:
            b: {condition: service_started, restart: true}
            c:
                condition: service_healthy
                required: false
        volumes:
        -   type: volume
            source: v
            target: /v
            volume: {nocopy: true}
        -   type: bind
            source: ./here
            target: /here
            read_only: true
        networks:
            front:
                aliases: [ay]
            back:
        healthcheck:
            test: curl -f http://localhost || exit 1
            start_interval: 1s
            timeout: 5s
    b: {image: y}
    c: {image: z, healthcheck: {test: [NONE]}}
volumes:
    v: {}
networks:
    front: {}
    back: {}
"#;

const REFERENCES: &str = r#"services:
  a:
    image: x
    links: [b, "c:cee"]
    volumes_from: ["b:ro", c]
    depends_on: [b, d]
  b:
    image: y
    network_mode: service:c #~ together
    pid: "service:c"
  c:
    image: z
    ipc: shareable
  e:
    extends: b
    depends_on: {b: }
  f:
    extends:
      service: c
    network_mode: host
"#;

const SCALARS: &str = "services:\n  a:\n    image: x\t#~ behind a tab\n    command: \"one\ttwo\"\n    environment:\n      A: |\n        line\twith a tab\n\n        # no comment\n      B: >-\n        folded\n        text\n      C: of two\n        lines\n    labels:\n      - \"k=a\tb\"\n\n      #~ last\n  b:\n    image: y\n    entrypoint: |\n      sh -c '\n      true'\n";

const GRANTS: &str = r#"name: granted
services:
  a:
    image: x
    profiles: [debug, "test"]
    secrets:
      - token
      - source: key
        target: /run/key
    configs: [site]
    deploy:
      replicas: 2
      resources: {limits: {memory: 1G}}
    labels:
      k: "1"
      a.b: two
  b:
    image: y
    secrets: [token]
    env_file: [one.env, {path: two.env, required: false}]
secrets:
  token: {environment: TOKEN}
  key:
    file: ./key
configs:
  site:
    content: |
      server {
      }
"#;

/// Lists without indent, no blank lines, comments in between and at the end.
const DENSE: &str = r#"volumes:
  v:
  w: #~ kept
services:
  #~ before a
  a:
    image: x
    #~ before the ports
    ports:
    #~ the first
    - 80:80
    #~ the second
    - 90:90/udp
    volumes:
    - v:/v
    - /anonymous
    networks:
    - front
    depends_on:
    - b
    #~ behind a
  #~ before b
  b:
    image: y
    build: .
    #~ end of b
networks:
  front:
    internal: true
#~ end
"#;

/// Oddities that other editors accept.
const SLOPPY: &str = r#"services:
  a:
    image: x
    environment:
      - A=1
      - A=2
      - B
    depends_on: [b, b]
    networks: [front, back, front]
  b:
    image: y
    ports: 80:80
    environment: {A: 1, A: 2}
  c:
    image: z
    depends_on: b
    networks:
  d:
    image: z
    networks: front
    depends_on: {b: {condition: healthy}, c: {required: false}}
"#;

const MERGED_SERVICES: &str = r#"x-services: &services
  a:
    image: x
    depends_on: [b]
  b:
    image: y
services:
  <<: *services
  c:
    image: z
    depends_on: [a]
    environment:
      A:
"#;

/// Services that name each other in values, and names that mean something else.
const VALUES: &str = r#"x-env: &env
  C_HOST: c #~ shared
  URL: "redis://:p@c:6379/b"
x-name: &name b
services:
  a:
    image: b:17
    environment:
      <<: *env
      DB_HOST: ${DB:-b}:5432 #~ default
      POSTGRES_DB: *name
      QUEUE: *name
    command: >
      sh -c "until pg_isready -h b -d b;
      do sleep 1; done" #~ folded
    depends_on: [*name, c]
    volumes: [b:/b]
    networks: [b, front]
  b:
    image: y
    environment: ["C=http://c:80/c", "POSTGRES_DB=b"] #~ list
    healthcheck: {test: [CMD, pg_isready, -U, b]}
    networks: {b: }
  c:
    image: z
    environment: *env
    labels: {proxy: "a:8080", service: a}
    networks: [default, b]
volumes:
  b: #~ data
networks:
  b:
  front:
"#;
