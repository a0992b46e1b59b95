//! Answers of refusal leave at set times after the question: how long it took to find out that something is not there, not
//! right or not the asker's would tell these apart, where the words do not.

use std::time::Duration;

use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};
use tokio::time::{Instant, sleep_until};

/// Longer than a refusal takes where there is something to do for others too; what takes longer all the same leaves at the next.
const STEP: Duration = Duration::from_millis(5);

pub async fn refusals_in_step(request: Request, next: Next) -> Response {
    let asked = Instant::now();
    let response = next.run(request).await;
    if is_refusal(response.status()) {
        // Boxed, as all that is rare: ten thousand polls wait in here.
        Box::pin(sleep_until(asked + step_after(asked.elapsed()))).await;
    }
    response
}

/// What is answered alike for different reasons. That a role does not suffice (403) is no secret.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND)
}

fn step_after(elapsed: Duration) -> Duration {
    let steps = elapsed.as_nanos() / STEP.as_nanos() + 1;
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_ends_within_a_step_leaves_at_its_end() {
        let at = |micros| step_after(Duration::from_micros(micros)).as_micros();
        assert_eq!([at(0), at(300), at(4_999)], [5_000; 3]);
        assert_eq!([at(5_000), at(9_999), at(10_000)], [10_000, 10_000, 15_000]);
    }
}
