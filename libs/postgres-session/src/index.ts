export { SessionClient, type SessionConfig } from './session-client';
export { type SessionSettings, sessionStatement } from './session-settings';
export { TLS_MODES, type TlsMode, tls } from './tls';
