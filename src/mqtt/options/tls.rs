//! TLS options, except for the certificate authorities, which are often the only option set.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// TLS options; only for protocols that use TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TlsOptions {
    /// The client's certificate and its chain in PEM or DER, or together with the key in PKCS#12.
    pub client_certificate: Option<PathBuf>,
    /// The client's key, PEM or DER (PKCS#1, PKCS#8, SEC1), possibly encrypted; none if the certificate file contains
    /// it.
    pub client_key: Option<PathBuf>,
    /// Whether the broker's certificate is checked. Off: any server is trusted.
    pub verify: bool,
    /// Whether the certificate must match the host. Off: any certificate from a trusted authority is accepted. Has no
    /// effect if the certificate is not checked at all.
    pub verify_host: bool,
    /// The name to request and check (SNI, RFC 6066, 3) if it is not the host; empty: the host.
    pub server_name: String,
    /// Application protocols to offer, in order of preference (RFC 7301).
    pub alpn: Vec<String>,
    /// The TLS versions allowed.
    pub versions: TlsVersions,
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self {
            client_certificate: None,
            client_key: None,
            verify: true,
            verify_host: true,
            server_name: String::new(),
            alpn: Vec::new(),
            versions: TlsVersions::default(),
        }
    }
}

impl TlsOptions {
    /// Whether a client certificate was chosen.
    pub fn has_client_certificate(&self) -> bool {
        self.client_certificate.is_some() || self.client_key.is_some()
    }
}

/// The TLS versions allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TlsVersions {
    /// 1.2 or 1.3, whichever the broker prefers.
    #[default]
    #[serde(rename = "any")]
    Any,
    /// Only 1.2.
    #[serde(rename = "1.2")]
    Only1_2,
    /// Only 1.3.
    #[serde(rename = "1.3")]
    Only1_3,
}

impl TlsVersions {
    /// Every choice, in the order offered.
    pub const ALL: [Self; 3] = [Self::Any, Self::Only1_2, Self::Only1_3];
}
