//! What it costs to count one request, by how many keys there are. Writes its figures to BENCH_JSON.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on says so by panicking")]

use std::{hint::black_box, net::IpAddr, time::Instant};

use server::middleware::rate_limit::Limiter;
use stacker::config::RateLimitSettings;

const REQUESTS: u32 = 2_000_000;

/// Microseconds for one request of so many addresses in turn.
fn one_of(addresses: u32) -> f64 {
    let limiter = Limiter::new(&RateLimitSettings::default());
    let begun = Instant::now();
    for request in 0..REQUESTS {
        let address = IpAddr::from((request % addresses).to_be_bytes());
        let _counted = black_box(limiter.address(black_box(address)));
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS)
}

fn main() {
    let figures = serde_json::json!({"few": one_of(1_000), "many": one_of(100_000)});
    match std::env::var_os("BENCH_JSON") {
        Some(file) => std::fs::write(file, figures.to_string()).unwrap(),
        None => eprintln!("{figures}"),
    }
}
