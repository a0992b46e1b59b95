//! The tokens are assembled by hand, so that every part can be wrong.

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;

const SECRET: &str = "a secret that both sides know, of 32 bytes and more";
const NOW: i64 = 1_800_000_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

fn settings(key: ServiceKey) -> ServiceJwtSettings {
    ServiceJwtSettings {
        key,
        issuer: None,
        audience: None,
        roles: vec!["admin_service".to_owned()],
        max_lifetime: Duration::from_secs(86_400),
    }
}

fn shared() -> ServiceJwts {
    ServiceJwts::open(&settings(ServiceKey::Hs256(SECRET.to_owned().into()))).unwrap()
}

fn claims() -> Value {
    json!({"role": "admin_service", "email": "service@example.com", "exp": NOW + 3600})
}

/// [`claims`], with these values added or replaced.
fn with(other: Value) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    claims
}

fn unsigned(header: &str, claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn hmac(key: &[u8], message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

fn hs256_as(header: &str, claims: &str, key: &[u8]) -> String {
    let message = unsigned(header, claims);
    let signature = hmac(key, &message);
    format!("{message}.{signature}")
}

const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const RS256: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

fn hs256(claims: &Value) -> String {
    hs256_as(HS256, &claims.to_string(), SECRET.as_bytes())
}

fn refused(jwts: &ServiceJwts, token: &str) -> JwtAuthError {
    jwts.caller(token, now()).unwrap_err()
}

#[test]
fn a_service_is_nobody_but_its_role() {
    let caller = shared().caller(&hs256(&claims()), now()).unwrap();
    assert_eq!((caller.user_id.as_str(), &caller.role), ("admin_service", &Role::AdminService));
    assert_eq!(
        (caller.name.as_str(), caller.email.as_deref()),
        ("Service Account", Some("service@example.com"))
    );
    assert_eq!(caller.client, None);
    // No other claim changes who the service is.
    let claims =
        with(json!({"sub": "alice", "user_id": "alice", "id": "alice", "_id": "alice", "email": ""}));
    let caller = shared().caller(&hs256(&claims), now()).unwrap();
    assert_eq!((caller.user_id.as_str(), caller.email), ("admin_service", None));
}

#[rstest]
#[case(json!({"role": "root"}))]
#[case(json!({"role": "group_user"}))]
#[case(json!({"role": "alice"}))]
#[case(json!({"role": "Admin_Service"}))]
#[case(json!({"role": "admin_service "}))]
#[case(json!({"role": ["admin_service"]}))]
#[case(json!({"role": null}))]
#[case(json!({"email": null}))]
#[case(json!({"exp": null}))]
#[case(json!({"exp": "1800003600"}))]
#[case(json!({"exp": 1e300}))]
#[case(json!({"exp": u64::MAX}))]
fn whoever_names_no_role_of_a_service_is_left_to_others(#[case] other: Value) {
    assert_eq!(refused(&shared(), &hs256(&with(other))), JwtAuthError::NotOurs);
}

#[test]
fn a_role_that_the_configuration_names_is_let_in() {
    let roles = vec!["billing".to_owned()];
    let jwts = ServiceJwts::open(&ServiceJwtSettings {
        roles,
        ..settings(ServiceKey::Hs256(SECRET.to_owned().into()))
    });
    let jwts = jwts.unwrap();
    let caller = jwts.caller(&hs256(&with(json!({"role": "billing"}))), now()).unwrap();
    assert_eq!((caller.user_id.as_str(), caller.role.as_str()), ("billing", "billing"));
    assert_eq!(refused(&jwts, &hs256(&claims())), JwtAuthError::NotOurs);
}

#[rstest]
#[case::none(unsigned(r#"{"alg":"none"}"#, &claims().to_string()) + ".")]
#[case::none_otherwise(unsigned(r#"{"alg":"nOnE","typ":"JWT"}"#, &claims().to_string()) + ".")]
#[case::no_signature(unsigned(HS256, &claims().to_string()) + ".")]
#[case::no_algorithm(hs256_as("{}", &claims().to_string(), SECRET.as_bytes()))]
#[case::no_header(hs256_as("", &claims().to_string(), SECRET.as_bytes()))]
#[case::another_key(hs256_as(HS256, &claims().to_string(), b"another secret, of 32 bytes and more than that"))]
#[case::empty_key(hs256_as(HS256, &claims().to_string(), b""))]
#[case::another_algorithm_named(hs256_as(r#"{"alg":"HS384"}"#, &claims().to_string(), SECRET.as_bytes()))]
#[case::rsa_named(hs256_as(RS256, &claims().to_string(), SECRET.as_bytes()))]
#[case::two_algorithms(hs256_as(r#"{"alg":"none","alg":"HS256"}"#, &claims().to_string(), SECRET.as_bytes()))]
#[case::a_key_of_its_own(hs256_as(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#, &claims().to_string(), b"\0"))]
#[case::something_critical(hs256_as(r#"{"alg":"HS256","crit":["x"],"x":1}"#, &claims().to_string(), SECRET.as_bytes()))]
#[case::an_audience(hs256(&with(json!({"aud": "somebody else"}))))]
#[case::later(hs256(&with(json!({"nbf": NOW + 61}))))]
#[case::too_long(hs256(&with(json!({"exp": NOW + 86_401}))))]
#[case::much_too_long(hs256(&with(json!({"exp": i64::MAX}))))]
#[case::several_lines(hs256(&with(json!({"email": "a\nb"}))))]
#[case::a_long_email(hs256(&with(json!({"email": "x".repeat(255)}))))]
fn what_says_it_is_a_service_and_is_not_is_refused(#[case] token: String) {
    assert_eq!(refused(&shared(), &token), JwtAuthError::Refused);
}

#[test]
fn a_changed_letter_anywhere_makes_it_nobodys() {
    let token = hs256(&claims());
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(shared().caller(&changed, now()).is_err(), "{at}: {changed}");
    }
    for text in [
        format!("{token}="),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}A"),
        token.replace('.', ".."),
    ] {
        assert!(shared().caller(&text, now()).is_err(), "{text}");
    }
}

#[test]
fn it_ends_when_it_says_so() {
    let ends_now = hs256(&with(json!({"exp": NOW})));
    assert!(shared().caller(&ends_now, now()).is_ok());
    let ended = hs256(&with(json!({"exp": NOW - 1})));
    assert_eq!(refused(&shared(), &ended), JwtAuthError::Expired { exp: NOW - 1, now: NOW });
    let long_ago = hs256(&with(json!({"exp": i64::MIN})));
    assert_eq!(refused(&shared(), &long_ago), JwtAuthError::Expired { exp: i64::MIN, now: NOW });
    // Only a token with a right signature is told when it expired.
    let forged =
        hs256_as(HS256, &with(json!({"exp": NOW - 1})).to_string(), b"another secret, of 32 bytes and more");
    assert_eq!(refused(&shared(), &forged), JwtAuthError::Refused);
    assert!(shared().caller(&hs256(&with(json!({"nbf": NOW + 60}))), now()).is_ok());
}

#[test]
fn issuer_and_audience_have_to_be_right_where_they_are_configured() {
    let jwts = ServiceJwts::open(&ServiceJwtSettings {
        issuer: Some("issuer".to_owned()),
        audience: Some("stacker".to_owned()),
        ..settings(ServiceKey::Hs256(SECRET.to_owned().into()))
    });
    let jwts = jwts.unwrap();
    for right in
        [json!({"iss": "issuer", "aud": "stacker"}), json!({"iss": "issuer", "aud": ["x", "stacker"]})]
    {
        assert!(jwts.caller(&hs256(&with(right.clone())), now()).is_ok(), "{right}");
    }
    for wrong in [
        json!({}),
        json!({"iss": "issuer"}),
        json!({"aud": "stacker"}),
        json!({"iss": "other", "aud": "stacker"}),
        json!({"iss": "issuer", "aud": "other"}),
        json!({"iss": "issuer", "aud": []}),
        json!({"iss": 1, "aud": "stacker"}),
        json!({"iss": "issuer", "aud": {"stacker": 1}}),
    ] {
        assert_eq!(refused(&jwts, &hs256(&with(wrong.clone()))), JwtAuthError::Refused, "{wrong}");
    }
}

#[test]
fn what_is_huge_or_no_jwt_is_left_to_others_unread() {
    let huge = hs256(&with(json!({"padding": "x".repeat(MAX_BYTES)})));
    for text in [huge.as_str(), "", ".", "..", "...", "a.b", "a.b.c.d", "stk_x", &"a.".repeat(100_000)] {
        assert_eq!(refused(&shared(), text), JwtAuthError::NotOurs);
    }
}

struct Rsa {
    pair: RsaKeyPair,
    pem: String,
}

fn rsa(size: KeySize) -> Rsa {
    let pair = RsaKeyPair::generate(size).unwrap();
    let der = pair.public_key().as_der().unwrap();
    Rsa { pem: pem("PUBLIC KEY", der.as_ref()), pair }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn open_pem(text: &str) -> Result<ServiceJwts, ServiceKeyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    fs::write(&path, text).unwrap();
    ServiceJwts::open(&settings(ServiceKey::Rs256(path)))
}

impl Rsa {
    fn sign(&self, header: &str, claims: &Value) -> String {
        let message = unsigned(header, &claims.to_string());
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[test]
fn a_public_key_is_no_secret_to_sign_with() {
    let key = rsa(KeySize::Rsa2048);
    let jwts = open_pem(&key.pem).unwrap();
    assert_eq!(jwts.caller(&key.sign(RS256, &claims()), now()).unwrap().user_id, "admin_service");

    // An attacker who knows the public key signs with it as if it were a shared secret.
    let der = key.pair.public_key().as_der().unwrap();
    let public: [&[u8]; 5] =
        [key.pem.as_bytes(), key.pem.trim().as_bytes(), der.as_ref(), key.pair.public_key().as_ref(), b""];
    for secret in public {
        for header in [HS256, RS256, r#"{"alg":"HS512"}"#] {
            let forged = hs256_as(header, &claims().to_string(), secret);
            assert_eq!(refused(&jwts, &forged), JwtAuthError::Refused, "{header}");
        }
    }
    for header in [HS256, r#"{"alg":"PS256"}"#, r#"{"alg":"RS384"}"#, r#"{"alg":"none"}"#] {
        assert_eq!(refused(&jwts, &key.sign(header, &claims())), JwtAuthError::Refused, "{header}");
    }
    let others = rsa(KeySize::Rsa2048);
    assert_eq!(refused(&jwts, &others.sign(RS256, &claims())), JwtAuthError::Refused);
    // A server with a shared secret accepts no RSA signature.
    assert_eq!(refused(&shared(), &key.sign(RS256, &claims())), JwtAuthError::Refused);
}

#[test]
fn a_file_without_a_public_key_stops_the_start() {
    let private = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let private = pem("PRIVATE KEY", private.as_der().unwrap().as_ref());
    for text in
        ["", "no key", private.as_str(), &pem("PUBLIC KEY", b"nothing"), &pem("PUBLIC KEY", &[0x30; 300])]
    {
        assert!(matches!(open_pem(text), Err(ServiceKeyError::NoPublicKey { .. })), "{text}");
    }
    let missing = ServiceJwts::open(&settings(ServiceKey::Rs256("/nowhere/key.pem".into())));
    assert!(matches!(missing, Err(ServiceKeyError::Unreadable { .. })));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_let_in(token in ".{0,200}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,80}", 0..5)) {
        prop_assert!(shared().caller(&token, now()).is_err());
        prop_assert!(shared().caller(&parts.join("."), now()).is_err());
    }

    #[test]
    fn no_claims_are_believed_without_the_key(role in "[a-z_]{1,20}", email in ".{0,40}", exp in any::<i64>(), key in prop::collection::vec(any::<u8>(), 0..64)) {
        let claims = json!({"role": role, "email": email, "exp": exp});
        prop_assume!(key != SECRET.as_bytes());
        let forged = hs256_as(HS256, &claims.to_string(), &key);
        prop_assert!(shared().caller(&forged, now()).is_err());
    }

    #[test]
    fn what_is_signed_and_of_now_is_let_in_as_its_role(email in "[a-z@.]{0,60}", ends_in in 0..86_400_i64) {
        let caller = shared().caller(&hs256(&with(json!({"email": email, "exp": NOW + ends_in}))), now()).unwrap();
        prop_assert_eq!(caller.user_id, "admin_service");
        prop_assert_eq!(caller.email.unwrap_or_default(), email);
    }
}
