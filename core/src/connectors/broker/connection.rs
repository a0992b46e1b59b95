//! Opens and closes connections.

use std::{cell::RefCell, io, path::Path, time::Duration};

use lapin::{
    Connection, ConnectionProperties, Error,
    tcp::{AMQPUriTcpExt as _, OwnedTLSConfig},
    uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo},
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use tracing::dispatcher::{DefaultGuard, Dispatch, set_default};

use crate::connectors::broker::{
    failure::{BrokerError, connect_reason},
    settings::{BrokerSettings, Tls},
};

const CLOSING_MAY_TAKE: Duration = Duration::from_secs(1);

/// Opens a connection that operators see as `stacker/VERSION PURPOSE`.
pub(super) async fn open(settings: &BrokerSettings, purpose: &str) -> Result<Connection, BrokerError> {
    let tls = match &settings.tls {
        Some(tls) => trusted(tls).await?,
        None => OwnedTLSConfig::default(),
    };
    let runtime = lapin::runtime::default_runtime()?;
    let limit = settings.timeouts.connect;
    let name = format!("stacker/{} {purpose}", env!("CARGO_PKG_VERSION"));
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    // The library gives each connection a thread; without the inner limit, one whose packets are dropped would keep it for minutes.
    let connecting = Connection::connector(
        address(settings),
        runtime,
        async move |uri, runtime| {
            keep_thread_out_of_logs();
            match tokio::time::timeout(limit, uri.connect_with_config_async(tls.as_ref(), &runtime)).await {
                Ok(connected) => connected.map_err(Error::from),
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        },
        properties,
    );
    match tokio::time::timeout(limit, connecting).await {
        Ok(opened) => opened.map_err(|error| BrokerError(connect_reason(&error))),
        Err(_) => Err(BrokerError("the broker does not answer".to_owned())),
    }
}

/// Ends a connection in an orderly way if the broker still answers.
pub(super) async fn close(connection: &Connection) {
    // One that does not close has ended already, or ends when it is dropped.
    let _ = tokio::time::timeout(CLOSING_MAY_TAKE, connection.close(200, "OK".into())).await;
}

/// As a structure: no part of it needs to be encoded.
fn address(settings: &BrokerSettings) -> AMQPUri {
    let heartbeat = u16::try_from(settings.timeouts.heartbeat.as_secs()).unwrap_or(u16::MAX);
    AMQPUri {
        scheme: if settings.tls.is_some() { AMQPScheme::AMQPS } else { AMQPScheme::AMQP },
        authority: AMQPAuthority {
            userinfo: AMQPUserInfo {
                username: settings.username.clone(),
                password: settings.password.expose_secret().to_owned(),
            },
            host: settings.host.clone(),
            port: settings.port,
        },
        vhost: settings.vhost.clone(),
        query: AMQPQueryString { heartbeat: Some(heartbeat), ..AMQPQueryString::default() },
    }
}

/// Read for each connection, so that a renewed file counts without a restart.
async fn trusted(tls: &Tls) -> Result<OwnedTLSConfig, BrokerError> {
    let Some(file) = &tls.ca_file else { return Ok(OwnedTLSConfig::default()) };
    let unusable =
        |why: &str| BrokerError(format!("the file of certificate authorities {} {why}", file.display()));
    let text = read(file).await.map_err(|error| unusable(&format!("cannot be read: {error}")))?;
    // The library passes over what it cannot read.
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => {
            Ok(OwnedTLSConfig { identity: None, cert_chain: Some(text) })
        }
        Ok(_) => Err(unusable("has no certificate in PEM form")),
        Err(_) => Err(unusable("is not in PEM form")),
    }
}

async fn read(file: &Path) -> io::Result<String> {
    tokio::fs::read_to_string(file).await
}

thread_local! {
    static SILENCE: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

/// The library logs a returned message with its whole body, which may hold credentials. It does so on the connection's own
/// thread, which calls this first.
fn keep_thread_out_of_logs() {
    SILENCE.with_borrow_mut(|silence| {
        silence.get_or_insert_with(|| set_default(&Dispatch::none()));
    });
}
