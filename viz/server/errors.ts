/** Errors of the server as JSON: `{ error: { code, message } }`. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { UserError } from '../../sim/kernel/index.js';

const STATUS_BY_CODE: Record<string, number> = {
  'run/unknown': 404,
  'run/damaged': 422,
  'serve/unknown': 404,
};

/** Answers a request that matched no route. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new UserError('serve/unknown', 'no such page; GET /api/runs lists the runs'));
};

/** Turns whatever a route threw into a status and one JSON object; internal text never leaves. */
export const jsonErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = statusOf(error);
  const headers = (error as { headers?: Record<string, string> }).headers;
  response.removeHeader('Content-Length');
  if (headers) response.set(headers);
  response.set('Cache-Control', 'no-store');
  response
    .status(status)
    .json({ error: { code: codeOf(error, status), message: words(error, status) } });
};

function statusOf(error: unknown): number {
  if (error instanceof UserError) return STATUS_BY_CODE[error.code] ?? 400;
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function codeOf(error: unknown, status: number): string {
  if (error instanceof UserError) return error.code;
  if (status === 416) return 'serve/range';
  return status < 500 ? 'serve/request' : 'serve/internal';
}

function words(error: unknown, status: number): string {
  if (error instanceof UserError) return error.message;
  if (status === 416) return 'the range lies outside the file';
  if (status === 404) return 'no such file';
  return status < 500 ? 'the request was not understood' : 'the server failed; see its log';
}
