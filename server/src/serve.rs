//! Accepts connections, limits how long each can be silent, and closes them gracefully.
//!
//! `axum::serve` is not used because it waits for the head of a request forever, so silent clients could use up all connections.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Layer as _;

/// Time limit from the start of the connection, or the end of the previous request, to the end of the next request's head.
pub const HEAD_MAY_TAKE: Duration = Duration::from_secs(60);

/// Serves until `stop`, then waits for open requests. When the future is dropped, open requests are left to the runtime.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, head_may_take: Duration) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer, router.clone(), stop.clone(), head_may_take));
            }
            Err(error) => wait_after(&error).await,
        }
    }
    // Frees the port for the next server.
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    head_may_take: Duration,
) {
    // Responses are small and must be sent without delay, so Nagle's algorithm is switched off.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_may_take)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Ignores errors of a single connection. After any other error, for instance when file handles have run out, accepting pauses.
async fn wait_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn start(stop: &CancellationToken, router: Router) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (address, tokio::spawn(serve(listener, router, stop.clone(), Duration::from_millis(50))))
    }

    #[tokio::test]
    async fn who_says_nothing_is_hung_up_on() {
        let stop = CancellationToken::new();
        let (address, _) = start(&stop, Router::new()).await;

        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x").await.unwrap();

        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"), "{answer:?}");
    }

    #[tokio::test]
    async fn an_open_request_is_finished_before_the_end() {
        let stop = CancellationToken::new();
        let told = stop.clone();
        let slow = get(async move || {
            told.cancel();
            tokio::task::yield_now().await;
            "done"
        });
        let (address, served) = start(&stop, Router::new().route("/", slow)).await;

        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();

        assert!(answer.ends_with("done"), "{answer}");
        served.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "the port is closed");
    }
}
