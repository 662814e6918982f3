// A page that does not render fails the rendering with its reason in the log.
export const handleError = ({ error, event, status }) => {
  if (status !== 404) console.error(`Error in Query or page ${event.url.pathname}:`, error)
  return { message: status === 404 ? 'Нет такой страницы' : 'Страница не открылась' }
}
