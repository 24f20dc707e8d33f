//! TLS, but for the certificate authorities, which most people set alone.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What is chosen about TLS; only for protocols that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TlsOptions {
    /// The client's certificate and its chain, PEM or DER, or both with the key as PKCS#12.
    pub client_certificate: Option<PathBuf>,
    /// The client's key, PEM or DER (PKCS#1, PKCS#8, SEC1), perhaps encrypted; none if it is in the certificate's file.
    pub client_key: Option<PathBuf>,
    /// Whether the broker's certificate is checked. Off: whoever answers is believed.
    pub verify: bool,
    /// Whether the certificate has to be for the host. Off: whoever has a certificate of a trusted authority is believed.
    /// Means nothing where the certificate is not checked at all.
    pub verify_host: bool,
    /// The name to ask for and to check (SNI, RFC 6066, 3) if it is not the host; empty: the host.
    pub server_name: String,
    /// Application protocols to offer, in order of preference (RFC 7301).
    pub alpn: Vec<String>,
    /// Which versions may be spoken.
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
    /// Whether a certificate of ours was chosen.
    pub fn has_client_certificate(&self) -> bool {
        self.client_certificate.is_some() || self.client_key.is_some()
    }
}

/// Versions of TLS that may be spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TlsVersions {
    /// 1.2 or 1.3, as the broker likes.
    #[default]
    #[serde(rename = "any")]
    Any,
    /// 1.2 alone.
    #[serde(rename = "1.2")]
    Only1_2,
    /// 1.3 alone.
    #[serde(rename = "1.3")]
    Only1_3,
}

impl TlsVersions {
    /// All that can be chosen.
    pub const ALL: [Self; 3] = [Self::Any, Self::Only1_2, Self::Only1_3];
}
