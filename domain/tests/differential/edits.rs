//! Edits of every kind on the files, the same in every run.
//!
//! They are what a person could ask for, with values that readers of YAML misread. To try a new edit, add a line to
//! [`asked`].

use domain::stack::{Edit, Stack};
use serde_json::{Value, json};

use crate::files::File;

/// Texts that some reader takes for something else.
const TEXTS: [&str; 16] = [
    "plain",
    "415",
    "0415",
    "1_000",
    "0b101",
    "2024-01-15",
    "yes",
    "null",
    "1e3",
    "12:34:56",
    "5$",
    "a: b # c",
    "'",
    "~",
    "x\ny\n",
    "0o17",
];

/// Numbers from a seed: <https://prng.di.unimi.it/splitmix64.c>.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = mixed ^ (mixed >> 31);
        usize::try_from(number % end.max(1) as u64).unwrap_or_default()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }
}

/// That many files, each after one to three edits, with the kind of the last one. Edits that are declined do not count.
pub fn edited(files: &[File], count: usize) -> Vec<File> {
    let mut numbers = Numbers(seed());
    let mut done = Vec::new();
    let mut kind = 0;
    // Each edit finds a file that it fits: there are far more tries than edits.
    for _ in 0..count * 50 {
        if done.len() >= count {
            break;
        }
        let Some(file) = numbers.one(files) else { break };
        let mut stack = Stack::read(&file.text);
        for _ in 0..numbers.below(3) {
            let any = numbers.below(KINDS);
            if let Some(next) = asked(any, &stack, &mut numbers).and_then(|edit| stack.apply(&edit).ok()) {
                stack = next;
            }
        }
        let Some(edit) = asked(kind % KINDS, &stack, &mut numbers) else {
            kind += 1;
            continue;
        };
        if let Ok(after) = stack.apply(&edit) {
            let story = format!("{} after {}", file.name, serde_json::to_string(&edit).unwrap());
            done.push(File {
                kind: format!("edit {}", op(&edit)),
                name: story,
                text: after.text().to_owned(),
            });
            kind += 1;
        }
    }
    done
}

/// A file, and the texts that edits make of it one after the other.
pub struct Walk {
    pub name: String,
    pub start: Stack,
    pub steps: Vec<(Edit, Stack)>,
}

/// Walks of one to five edits of any kind, with about that many edits in all. Edits that are declined do not count.
pub fn walks(files: &[File], edits: usize, seed: u64) -> Vec<Walk> {
    let mut numbers = Numbers(seed);
    let (mut done, mut walks) = (0, Vec::new());
    for _ in 0..edits * 50 {
        let Some(file) = numbers.one(files).filter(|_| done < edits) else { break };
        let start = Stack::read(&file.text);
        let mut walk = Walk { name: file.name.clone(), start: start.clone(), steps: Vec::new() };
        let mut stack = start;
        for _ in 0..=numbers.below(5) {
            // Not every edit fits every file.
            let step = (0..10).find_map(|_| {
                let kind = numbers.below(KINDS);
                let edit = asked(kind, &stack, &mut numbers)?;
                let after = stack.apply(&edit).ok().filter(|after| after.text() != stack.text())?;
                Some((edit, after))
            });
            let Some((edit, after)) = step else { break };
            stack = after.clone();
            walk.steps.push((edit, after));
        }
        done += walk.steps.len();
        walks.push(walk);
    }
    walks
}

pub fn seed() -> u64 {
    std::env::var("STACKER_DIFFERENTIAL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_130)
}

fn op(edit: &Edit) -> String {
    serde_json::to_value(edit).unwrap()["op"].as_str().unwrap().to_owned()
}

/// How many kinds [`asked`] knows.
const KINDS: usize = 31;

fn asked(kind: usize, stack: &Stack, numbers: &mut Numbers) -> Option<Edit> {
    let services: Vec<&str> = stack.model().services.iter().map(|service| service.name.as_str()).collect();
    let name = *numbers.one(&services)?;
    let service = stack.model().service(name)?;
    let other = *numbers.one(&services)?;
    let text = *numbers.one(&TEXTS)?;
    let at = |count: usize, numbers: &mut Numbers| (count > 0).then(|| numbers.below(count));
    let key = |numbers: &mut Numbers| {
        let keys: Vec<&str> = service.environment.iter().map(|variable| variable.key.as_str()).collect();
        numbers.one(&keys).map(|key| (*key).to_owned())
    };
    let spec = json!({"published": (20_000 + numbers.below(20_000)).to_string(), "target": "80"});
    let edit = match kind {
        0 => json!({"op": "add_service", "service": "brand-new", "image": "example/new:1.0"}),
        1 => json!({"op": "remove_service", "service": name}),
        2 => json!({"op": "remove_service", "service": name, "clean_up": true}),
        3 => json!({"op": "rename_service", "service": name, "to": "renamed", "uncertain": []}),
        4 => json!({"op": "duplicate_service", "service": name, "to": "copied"}),
        5 => json!({"op": "set_image", "service": name, "image": "example/other:2.0"}),
        6 => json!({"op": "set_environment", "service": name, "key": "FRESH", "value": text}),
        7 => json!({"op": "set_environment", "service": name, "key": key(numbers)?, "value": text}),
        8 => json!({"op": "remove_environment", "service": name, "key": key(numbers)?}),
        9 => json!({"op": "rename_environment", "service": name, "key": key(numbers)?, "to": "ANOTHER"}),
        10 => json!({"op": "add_port", "service": name, "port": spec}),
        11 => {
            json!({"op": "set_port", "service": name, "index": at(service.ports.len(), numbers)?, "port": spec})
        }
        12 => json!({"op": "remove_port", "service": name, "index": at(service.ports.len(), numbers)?}),
        13 => json!({"op": "add_volume", "service": name, "source": "fresh", "target": "/fresh"}),
        14 => {
            json!({"op": "add_volume", "service": name, "source": "./a b:c", "target": "/x", "read_only": true})
        }
        15 => json!({"op": "remove_volume", "service": name, "index": at(service.volumes.len(), numbers)?}),
        16 => json!({"op": "add_network", "network": "fresh-net", "internal": true}),
        17 => json!({"op": "join_network", "service": name, "network": "side"}),
        18 => {
            let networks: Vec<&str> = service.networks.iter().map(|one| one.network.as_str()).collect();
            let network = *numbers.one(&networks)?;
            json!({"op": "leave_network", "service": name, "network": network, "cut_off": true})
        }
        19 => json!({"op": "add_dependency", "service": name, "on": other}),
        20 => json!({"op": "add_dependency", "service": name, "on": other, "condition": "service_healthy"}),
        21 => {
            let names: Vec<&str> = service.depends_on.iter().map(|one| one.service.as_str()).collect();
            json!({"op": "remove_dependency", "service": name, "on": *numbers.one(&names)?})
        }
        22 => json!({
            "op": "set_healthcheck", "service": name, "test": ["CMD-SHELL", text], "interval": "1m30s", "retries": 3
        }),
        23 => json!({"op": "remove_healthcheck", "service": name}),
        24 => json!({"op": "set_restart", "service": name, "restart": "no"}),
        25 => json!({"op": "set_command", "service": name, "command": [text, "--flag", "0440"]}),
        26 => json!({"op": "set_entrypoint", "service": name, "entrypoint": "run 2024-01-15"}),
        27 => json!({"op": "set_key", "path": ["services", name, "labels"], "value": labels(text)}),
        28 => json!({"op": "set_key", "path": ["services", name, "user"], "value": "1000"}),
        29 => {
            let body = stack.model().root.at(&["services", name])?;
            let optional = |key: &&str| !["image", "build", "extends", "provider"].contains(key);
            let keys: Vec<&str> =
                body.entries().iter().map(|entry| entry.key.as_str()).filter(optional).collect();
            json!({"op": "remove_key", "path": ["services", name, *numbers.one(&keys)?]})
        }
        _ => json!({"op": "move_secrets"}),
    };
    Some(serde_json::from_value(edit).unwrap())
}

fn labels(text: &str) -> Value {
    json!({"a.text": text, "a.number": "0x1F", "a.flag": "on", "a.date": "2001-12-14t21:59:43.10-05:00"})
}
