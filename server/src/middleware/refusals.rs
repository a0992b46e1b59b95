//! Refusals (401, 403, 404) are sent at fixed steps of time after the request. Otherwise the duration would reveal whether a
//! thing is missing or belongs to another user, which the text does not. Log lines have the real duration.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, sleep_until};

/// Much longer than a refusal takes on an idle server. A slower one is sent at the end of a later step.
const STEP: Duration = Duration::from_millis(10);

pub async fn refusals_in_step(request: Request, next: Next) -> Response {
    let question = Question::begun();
    let response = next.run(question.listen(request)).await;
    if is_refusal(response.status()) {
        let heard = question.heard();
        // Boxed, because it is rare and ten thousand polls wait inside this future.
        Box::pin(sleep_until(heard + step_after(heard.elapsed()))).await;
    }
    response
}

/// Covers all responses with these statuses, so that no refusal with several possible reasons is forgotten.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

fn step_after(elapsed: Duration) -> Duration {
    let steps = elapsed.as_nanos() / STEP.as_nanos() + 1;
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// The time at which the request had arrived completely. A client that sends the last byte of its body late knows when the work
/// begins, so the steps count from there.
struct Question {
    begun: Instant,
    /// Nanoseconds from `begun` to the last frame of the body that was read.
    body: Arc<AtomicU64>,
}

impl Question {
    fn begun() -> Self {
        Self { begun: Instant::now(), body: Arc::default() }
    }

    fn listen(&self, request: Request) -> Request {
        if request.body().is_end_stream() {
            return request;
        }
        let (begun, body) = (self.begun, self.body.clone());
        request.map(|sent| {
            Body::new(sent.map_frame(move |frame| {
                let nanos = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
                body.store(nanos, Ordering::Relaxed);
                frame
            }))
        })
    }

    fn heard(&self) -> Instant {
        self.begun + Duration::from_nanos(self.body.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn, routing::post};
    use futures::stream;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn whatever_ends_within_a_step_leaves_at_its_end() {
        let at = |micros| step_after(Duration::from_micros(micros)).as_micros();
        assert_eq!([at(0), at(300), at(9_999)], [10_000; 3]);
        assert_eq!([at(10_000), at(19_999), at(20_000)], [20_000, 20_000, 30_000]);
    }

    /// How long a response with this status takes when the handler reads the body first.
    async fn answered(status: StatusCode, body: Body) -> Duration {
        let app = Router::new()
            .route("/", post(move |_: String| async move { status }))
            .layer(from_fn(refusals_in_step));
        let asked = Instant::now();
        let answer = app.oneshot(Request::post("/").body(body).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status);
        asked.elapsed()
    }

    #[tokio::test]
    async fn refusals_are_held_and_nothing_else_is() {
        for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND] {
            assert!(answered(status, Body::empty()).await >= STEP, "{status}");
        }
        for status in [StatusCode::OK, StatusCode::CONFLICT, StatusCode::INTERNAL_SERVER_ERROR] {
            // The machine can be busy, so the fastest of many attempts counts.
            let mut soonest = Duration::MAX;
            for _ in 0..50 {
                soonest = soonest.min(answered(status, Body::empty()).await);
            }
            assert!(soonest < STEP, "{status}: {soonest:?}");
        }
    }

    #[tokio::test]
    async fn the_step_begins_with_the_last_of_the_body() {
        let late = Duration::from_millis(15);
        let body = stream::once(async move {
            tokio::time::sleep(late).await;
            Ok::<_, std::convert::Infallible>("late")
        });
        assert!(answered(StatusCode::NOT_FOUND, Body::from_stream(body)).await >= late + STEP);
    }
}
