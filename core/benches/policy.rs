//! What it costs to ask the rules about a request: decided before, and for the first time. Writes its figures to BENCH_JSON.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on says so by panicking")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use stacker::authz::{Asked, RestRules};

const TIMES: usize = 200_000;
/// A role and what it asks for, with paths that differ where routes have parameters.
const REQUESTS: [(&str, &str, &str, &str); 6] = [
    ("group_user", "GET", "/project", "/project"),
    ("group_user", "GET", "/project/4711", "/project/{id}"),
    ("group_user", "POST", "/project/4711/edits", "/project/{id}/edits"),
    ("root", "GET", "/admin/project/user/7", "/admin/project/user/{user_id}"),
    ("agent", "POST", "/api/v1/agent/commands/report", "/api/v1/agent/commands/report"),
    ("client", "DELETE", "/api/v1/hosts/7", "/api/v1/hosts/{id}"),
];

fn ask(policy: &RestRules) {
    for (subject, method, path, route) in REQUESTS {
        black_box(policy.allows(black_box(Asked { subjects: &[subject, "anonym"], method, path, route })));
    }
}

fn microseconds(passed: Duration, requests: usize) -> f64 {
    passed.as_secs_f64() * 1e6 / requests as f64
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let fresh = || runtime.block_on(RestRules::of_a_new_database()).unwrap();
    let mut first = Duration::ZERO;
    for _ in 0..20 {
        let policy = fresh();
        let begun = Instant::now();
        ask(&policy);
        first += begun.elapsed();
    }
    let policy = fresh();
    ask(&policy);
    let begun = Instant::now();
    for _ in 0..TIMES {
        ask(&policy);
    }
    let warm = microseconds(begun.elapsed(), TIMES * REQUESTS.len());
    let figures = serde_json::json!({"warm": warm, "first": microseconds(first, 20 * REQUESTS.len())});
    match std::env::var_os("BENCH_JSON") {
        Some(file) => std::fs::write(file, figures.to_string()).unwrap(),
        None => eprintln!("{figures}"),
    }
}
