//! When a message counts as published.

use std::sync::{Arc, Mutex};

use stacker::connectors::broker::{
    Broker as _, BrokerError, BrokerSettings, BrokerState, ConsumerSettings, DeadLetters,
    ExchangeDeclaration, ProgressQueue, PublishError, Tls,
};
use tracing::{Event, Metadata, field::Field, span};

use super::node::{INSTALL, INSTALL_KEY, TestBroker, install_message, publisher, state_becomes, variable};

#[tokio::test]
async fn a_confirmed_message_is_in_the_queue_and_survives_a_restart_of_the_broker() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let publisher = broker.publisher();
    assert_eq!(*publisher.state().borrow(), BrokerState::NeverTried);

    publisher.publish(install_message("m-1")).await.unwrap();

    assert!(publisher.state().borrow().is_connected());
    let message = broker.take(INSTALL).await.unwrap();
    assert_eq!(message.data, br#"{"cloud_token":"known-to-this-test-only"}"#);
    assert_eq!(message.routing_key.as_str(), INSTALL_KEY);
    let properties = &message.properties;
    assert_eq!(properties.message_id().as_ref().unwrap().as_str(), "m-1");
    assert_eq!(properties.content_type().as_ref().unwrap().as_str(), "application/json");
    assert_eq!(*properties.delivery_mode(), Some(2));
}

#[tokio::test]
async fn a_returned_message_is_not_a_success() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let publisher = broker.publisher();
    let mut message = install_message("m-1");
    message.routing_key = "install.stop.tfa.all.all".to_owned();
    let error = publisher.publish(message).await.unwrap_err();
    assert!(matches!(&error, PublishError::Returned(reason) if reason.contains("install.stop")), "{error}");
    assert!(!error.may_have_arrived());
    publisher.publish(install_message("m-2")).await.unwrap();
}

#[tokio::test]
async fn messages_that_are_published_side_by_side_each_get_their_own_answer() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let publisher = Arc::new(broker.publisher());
    let publishing = (0..20).map(|number| {
        let publisher = publisher.clone();
        tokio::spawn(async move {
            let mut message = install_message(&format!("m-{number}"));
            if number % 2 == 1 {
                message.routing_key = "nobody.wants.this".to_owned();
            }
            publisher.publish(message).await.is_ok()
        })
    });
    let published = futures::future::join_all(publishing).await;
    let published: Vec<bool> = published.into_iter().map(Result::unwrap).collect();
    assert_eq!(published, (0..20).map(|number| number % 2 == 0).collect::<Vec<_>>());
    assert_eq!(broker.waiting(INSTALL).await, 10);
}

#[tokio::test]
async fn a_missing_exchange_is_named_and_appears_without_a_restart() {
    let broker = TestBroker::new().await;
    let publisher = broker.publisher();
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    let PublishError::Refused { code: Some(404), reason } = &error else { panic!("{error}") };
    assert!(reason.contains("exchange install"), "{reason}");
    broker.declare_install().await;
    publisher.publish(install_message("m-1")).await.unwrap();
}

#[tokio::test]
async fn the_exchange_is_created_when_the_settings_say_so() {
    let broker = TestBroker::new().await;
    let settings =
        BrokerSettings { install_exchange: ExchangeDeclaration::Create, ..broker.settings.clone() };
    let publisher = publisher(settings);
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    assert!(matches!(error, PublishError::Returned(_)), "{error}");
    broker.declare_install().await;
    publisher.publish(install_message("m-1")).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_reported_without_the_password_and_the_user() {
    let broker = TestBroker::new().await;
    let settings = BrokerSettings {
        username: "a-user".to_owned(),
        password: "p@ss/w%rd".to_owned().into(),
        ..broker.settings.clone()
    };
    let publisher = publisher(settings);
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    let PublishError::Unavailable(reason) = &error else { panic!("{error}") };
    assert_eq!(reason, "the broker refuses the user name or the password");
    let shown = format!("{publisher:?} {error:?} {:?}", *publisher.state().borrow());
    assert!(!shown.contains("p@ss") && !shown.contains("a-user"), "{shown}");
}

#[tokio::test]
async fn a_virtual_host_that_does_not_exist_is_reported() {
    let broker = TestBroker::new().await;
    let settings = BrokerSettings { vhost: "/no/such".to_owned(), ..broker.settings.clone() };
    let error = publisher(settings).publish(install_message("m-1")).await.unwrap_err();
    assert!(
        matches!(&error, PublishError::Unavailable(reason) if reason.contains("virtual host")),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_of_authorities_without_a_certificate_is_reported() {
    let broker = TestBroker::new().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let tls = Some(Tls { ca_file: Some(file.path().to_owned()) });
    let settings = BrokerSettings { tls, ..broker.settings.clone() };
    let error = publisher(settings).publish(install_message("m-1")).await.unwrap_err();
    assert!(error.to_string().contains("has no certificate"), "{error}");
}

#[tokio::test]
async fn over_tls_a_broker_is_trusted_with_a_certificate_of_the_configured_authority() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let tls = Tls { ca_file: Some(variable("STACKER_TEST_AMQPS_CA").into()) };
    publisher(over_tls(&broker.settings, tls)).publish(install_message("m-1")).await.unwrap();
    assert_eq!(broker.waiting(INSTALL).await, 1);
}

#[tokio::test]
async fn over_tls_a_broker_of_an_unknown_authority_is_not_trusted() {
    let broker = TestBroker::new().await;
    let publisher = publisher(over_tls(&broker.settings, Tls::default()));
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

/// The same broker, at the address that its certificate is for.
fn over_tls(settings: &BrokerSettings, tls: Tls) -> BrokerSettings {
    BrokerSettings {
        host: "localhost".to_owned(),
        port: variable("STACKER_TEST_AMQPS_PORT").parse().unwrap(),
        tls: Some(tls),
        ..settings.clone()
    }
}

#[tokio::test]
async fn a_broker_that_does_not_speak_tls_is_not_spoken_to_in_the_clear() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let settings = BrokerSettings { tls: Some(Tls::default()), ..broker.settings.clone() };
    let publisher = publisher(settings.clone());
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    assert!(matches!(error, PublishError::Unavailable(_)), "{error}");
    let letters = DeadLetters::new(ConsumerSettings::new(settings, ProgressQueue::default()));
    let BrokerError(reason) = letters.list(1).await.unwrap_err();
    assert!(!reason.is_empty());
    assert_eq!(broker.waiting(INSTALL).await, 0);
}

#[tokio::test]
async fn a_publisher_that_was_told_to_connect_does_so_before_the_first_message() {
    let broker = TestBroker::new().await;
    let publisher = broker.publisher();
    publisher.connect();
    state_becomes(publisher.state(), BrokerState::is_connected).await;
    publisher.close().await;
    let error = publisher.publish(install_message("m-1")).await.unwrap_err();
    assert_eq!(error, PublishError::Unavailable("this server stops".to_owned()));
}

/// Writes down what a log would hold.
struct Log;

static LINES: Mutex<String> = Mutex::new(String::new());

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("lapin") && *metadata.level() <= tracing::Level::DEBUG
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut |field: &Field, value: &dyn std::fmt::Debug| {
            LINES.lock().unwrap().push_str(&format!("{field}={value:?}\n"));
        });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn the_body_of_a_returned_message_is_not_logged() {
    tracing::subscriber::set_global_default(Log).unwrap();
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let mut message = install_message("known-message");
    message.routing_key = "nobody.wants.this".to_owned();
    let error = broker.publisher().publish(message).await.unwrap_err();
    assert!(matches!(error, PublishError::Returned(_)), "{error}");
    let lines = LINES.lock().unwrap().clone();
    assert!(!lines.contains("known-message") && !lines.contains("nobody.wants.this"), "{lines}");
}
