use proptest::prelude::*;

use super::*;
use crate::{check, finding::Severity, stack::Stack};

/// The compose file after adding everything that the text runs to an empty stack, and what was left out.
fn added(text: &str) -> (String, Vec<String>) {
    let mut stack = Stack::read("");
    let mut notes = Vec::new();
    for run in read(text).unwrap() {
        stack = stack.apply_all(&run.edits(&stack, &run.suggested_name(), None)).unwrap();
        notes.extend(run.notes);
    }
    (stack.text().to_owned(), notes)
}

fn values(text: &str) -> serde_json::Value {
    let (compose, notes) = added(text);
    assert_eq!(notes, Vec::<String>::new(), "{compose}");
    Stack::read(&compose).model().root.to_json()
}

#[test]
fn a_command_of_a_manual_becomes_a_service() {
    let text = "docker run -d \\\n  --name gitea \\\n  -p 127.0.0.1:3000:3000 -p 2222:22/tcp \\\n  -e USER_UID=1000 -e 'APP_NAME=Our \"git\"' -e TZ \\\n  -v gitea:/data -v $(pwd)/conf:/etc/gitea:ro \\\n  --restart=unless-stopped \\\n  gitea/gitea:1.22\n";
    assert!(looks_like(text));
    let (compose, notes) = added(text);
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!(
        compose,
        "services:\n  gitea:\n    image: gitea/gitea:1.22\n    ports:\n      - 127.0.0.1:3000:3000\n      - 2222:22/tcp\n    environment:\n      USER_UID: \"1000\"\n      APP_NAME: Our \"git\"\n      TZ:\n    volumes:\n      - gitea:/data\n      - ./conf:/etc/gitea:ro\n    restart: unless-stopped\n\nvolumes:\n  gitea:\n"
    );
    let errors = check::check(&Stack::read(&compose));
    assert!(errors.iter().all(|finding| finding.severity != Severity::Error), "{errors:?}");
}

#[test]
fn every_spelling_of_a_flag_means_the_same() {
    let same = [
        "docker run --publish 8080:80 --interactive --tty nginx:1.27",
        "docker run -p 8080:80 -i -t nginx:1.27",
        "docker run --publish=8080:80 -it nginx:1.27",
        "docker container run -p8080:80 -it nginx:1.27",
        "$ sudo podman run -itp 8080:80 nginx:1.27",
        "docker run -p=8080:80 -ti --init=false -- nginx:1.27",
    ];
    let first = values(same[0]);
    for text in same {
        assert!(looks_like(text), "{text}");
        // The order of the keys is that of the command.
        assert_eq!(values(text), first, "{text}");
    }
}

#[test]
fn limits_health_and_the_rest_have_their_keys() {
    let text = "docker create --memory 512m --cpus=1.5 --user 1000:1000 --hostname box --label a.b=c --label team=x \
        --entrypoint /bin/sh --cap-add NET_ADMIN --cap-drop ALL --privileged --read-only --init \
        --health-cmd 'curl -f http://localhost || exit 1' --health-interval 30s --health-retries 3 \
        --log-driver json-file --log-opt max-size=10m --ulimit nofile=1024:2048 --ulimit nproc=64 --shm-size 1g \
        --env-file .env --stop-timeout 20 --tmpfs /run --device /dev/dri --gpus all -w /srv \
        --mount type=bind,src=/srv/x,dst=/x,readonly --mount source=data,target=/d app:1 -c 'echo $HOME'";
    let service = values(text)["services"]["app"].clone();
    assert_eq!(service["mem_limit"], "512m");
    assert_eq!(service["cpus"], "1.5");
    assert_eq!(service["user"], "1000:1000");
    assert_eq!(service["labels"], serde_json::json!({"a.b": "c", "team": "x"}));
    assert_eq!(service["entrypoint"], serde_json::json!(["/bin/sh"]));
    assert_eq!(service["command"], serde_json::json!(["-c", "echo $$HOME"]));
    assert_eq!(
        service["healthcheck"]["test"],
        serde_json::json!(["CMD-SHELL", "curl -f http://localhost || exit 1"])
    );
    assert_eq!(service["healthcheck"]["retries"], 3);
    assert_eq!(
        service["logging"],
        serde_json::json!({"driver": "json-file", "options": {"max-size": "10m"}})
    );
    assert_eq!(service["ulimits"]["nofile"], serde_json::json!({"soft": 1024, "hard": 2048}));
    assert_eq!(service["stop_grace_period"], "20s");
    assert_eq!(service["volumes"][0]["read_only"], true);
    assert_eq!(service["volumes"][1]["source"], "data");
    assert_eq!(values(text)["volumes"], serde_json::json!({"data": null}));
}

#[test]
fn networks_are_declared_and_those_of_the_engine_are_modes() {
    let front = values("docker run --network front --network-alias web --ip 10.0.0.5 nginx:1.27");
    assert_eq!(
        front["services"]["nginx"]["networks"]["front"],
        serde_json::json!({"ipv4_address": "10.0.0.5", "aliases": ["web"]})
    );
    assert!(front["networks"].get("front").is_some());
    let joined = values("docker run --net front nginx:1.27");
    assert_eq!(joined["services"]["nginx"]["networks"], serde_json::json!(["front"]));
    assert_eq!(values("docker run --network host nginx:1.27")["services"]["nginx"]["network_mode"], "host");
    let two = values("docker run --name a nginx:1.27\ndocker run --network container:a alpine:3.20");
    assert_eq!(two["services"]["alpine"]["network_mode"], "service:a");
}

#[test]
fn nothing_is_dropped_silently() {
    let (compose, notes) = added(
        "docker network create front\ndocker run --rm --frobnicate=9 -P --gpus 2 --mount type=bind nginx:1.27 && curl localhost",
    );
    assert!(compose.contains("image: nginx:1.27"), "{compose}");
    for word in ["--rm", "--frobnicate", "--publish-all", "--gpus 2", "names no target", "docker …", "curl …"]
    {
        assert!(notes.iter().any(|note| note.contains(word)), "{word} is missing in {notes:?}");
    }
}

#[test]
fn lines_that_lost_their_end_or_come_from_windows_are_read() {
    for text in [
        "docker run \\  -p 80:80 \\  nginx:1.27",
        "docker run \\ \n  -p 80:80 \\\r\n  nginx:1.27",
        "docker run ^\r\n  -p 80:80 ^\r\n  nginx:1.27",
        "docker run `\n  -p 80:80 `\n  nginx:1.27 # it's the web server",
    ] {
        assert_eq!(values(text)["services"]["nginx"]["ports"], serde_json::json!(["80:80"]), "{text:?}");
    }
}

#[test]
fn other_texts_are_no_commands() {
    for text in [
        "",
        "postgres",
        "docker",
        "docker compose up",
        "running docker run",
        "services:\n  web:\n    command: docker run nginx\n",
        "# docker run nginx\nservices: {}\n",
    ] {
        assert!(!looks_like(text), "{text}");
    }
    for (text, reason) in [
        ("docker run", "names no image"),
        ("docker run -p", "needs a value"),
        ("docker run -e 'A=1 nginx", "quote is open"),
        ("docker ps", "no `docker run`"),
    ] {
        assert!(read(text).is_err_and(|refusal| refusal.message.contains(reason)), "{text}");
    }
    assert!(read(&format!("docker run {}", "x".repeat(LONGEST))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Hostile input is refused or becomes a readable file; it never panics.
    #[test]
    fn no_text_breaks_it(text in "docker run( (-{1,2}[a-zéP-]{1,12}[= ]?|[ -~]{0,12}|[\"'\\\\$`\n;|&#=:,/]{1,4}|\\PC{0,6})){0,8}") {
        looks_like(&text);
        let Ok(runs) = read(&text) else { return Ok(()) };
        let mut stack = Stack::read("");
        for run in runs {
            let name = run.suggested_name();
            if let Ok(after) = stack.apply_all(&run.edits(&stack, &name, None)) {
                prop_assert!(after.is_readable());
                stack = after;
            }
        }
    }
}
