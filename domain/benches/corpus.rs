//! Measures reading and editing real compose files, in one thread and one file at a time.
//!
//! Prints a table and, if `BENCH_JSON` is set, writes the figures to that file. It uses the corpus beside the
//! checkout. Without the corpus it prints that there is nothing to measure.

use std::{hint::black_box, path::Path, time::Instant};

use domain::{
    check::check,
    stack::{Edit, PortSpec, Stack},
};

const ROUNDS: usize = 15;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no corpus in {}", folder.display());
        return;
    };
    let texts: Vec<String> =
        entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect();
    let mut read = Vec::new();
    let mut read_and_check = Vec::new();
    let mut edit = Vec::new();
    for text in &texts {
        let stack = Stack::read(text);
        read.push(microseconds(|| drop(black_box(Stack::read(text)))));
        read_and_check.push(microseconds(|| drop(black_box(check(&Stack::read(text))))));
        if let Some(service) = stack.model().services.first() {
            // An edit that is refused here is refused elsewhere too, and costs nothing.
            for change in edits(&service.name).iter().filter(|change| stack.apply(change).is_ok()) {
                edit.push(microseconds(|| drop(black_box(stack.apply(change)))));
            }
        }
    }
    let mut json = Vec::new();
    println!("{:32} {:>10} {:>10} {:>10} {:>6}", "per corpus file, µs", "median", "p95", "max", "goal");
    for (name, goal, mut times) in [
        ("read", "", read),
        ("read + check", "200", read_and_check),
        ("one edit, re-read and verified", "400", edit),
    ] {
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!("{name:32} {:10.0} {:10.0} {:10.0} {goal:>6}", at(0.5), at(0.95), at(1.0));
        json.push(format!(
            "{{\"what\": \"{name}\", \"unit\": \"µs\", \"files\": {}, \"median\": {:.1}, \"p95\": {:.1}, \"max\": {:.1}}}",
            times.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        ));
    }
    if let Some(path) = std::env::var_os("BENCH_JSON") {
        let text = format!("[{}]\n", json.join(",\n"));
        if let Err(error) = std::fs::write(&path, text) {
            println!("cannot write {}: {error}", Path::new(&path).display());
        }
    }
}

/// One of each kind of edit that people make in the builder.
fn edits(service: &str) -> Vec<Edit> {
    let (service, own) = (service.to_owned(), |text: &str| text.to_owned());
    let port = PortSpec { host_ip: None, published: Some(own("18080")), target: own("80"), protocol: None };
    let value = Some(own("yes"));
    vec![
        Edit::SetImage { service: service.clone(), image: own("acme/shop:1.4") },
        Edit::SetEnvironment { service: service.clone(), key: own("SHOP_MODE"), value },
        Edit::AddPort { service: service.clone(), port },
        Edit::AddVolume {
            service: service.clone(),
            source: Some(own("shop")),
            target: own("/shop"),
            read_only: false,
        },
        Edit::JoinNetwork { service: service.clone(), network: own("shop"), keep_default: None },
        Edit::SetRestart { service: service.clone(), restart: Some(own("unless-stopped")) },
        Edit::SetCommand { service: service.clone(), command: "serve --all".into() },
        Edit::DuplicateService { service: service.clone(), to: own("shop-copy"), at: None },
        Edit::RenameService {
            service: service.clone(),
            to: own("shop-renamed"),
            uncertain: Some(Vec::new()),
        },
        Edit::RemoveService { service, clean_up: false },
    ]
}

/// The median time of several rounds.
fn microseconds(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}
